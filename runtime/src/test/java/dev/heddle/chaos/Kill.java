package dev.heddle.chaos;

import java.util.List;
import java.util.SplittableRandom;

/** How a worker is made to end, or to hang. For a new kind, add a line: chaos draws from all there are. */
@SuppressWarnings("ImmutableEnumChecker") // the code captures nothing
enum Kill {
    KILL_9(9),
    TERMINATE(15),
    CRASH(11),
    /** Then only a time limit or a kill of its task ends it, or the end of the heddle. */
    STOP(19),
    EXIT(() -> System.exit(3)),
    HALT(() -> Runtime.getRuntime().halt(4)),
    /** What the errors hit is chance: the job, or what the worker lives by. */
    OUT_OF_MEMORY(Kill::fillTheHeap);

    static final List<Kill> ALL = List.of(values());

    private final int signal;
    private final Runnable code;

    /** A signal, by Linux's number: it may come from the worker itself or from outside. */
    Kill(int signal) {
        this.signal = signal;
        this.code = null;
    }

    /** Code that the worker runs in a thread beside its task. */
    Kill(Runnable code) {
        this.signal = 0;
        this.code = code;
    }

    /** {@return one of them for some, and null for most} */
    static Kill perhaps(SplittableRandom random) {
        return random.nextInt(8) == 0 ? ALL.get(random.nextInt(ALL.size())) : null;
    }

    /** {@return its number, from 0} */
    int number() {
        return ALL.indexOf(this);
    }

    boolean canComeFromOutside() {
        return code == null;
    }

    /** Hits the process that calls it. */
    void strike() {
        if (code == null) {
            Signal.send(ProcessHandle.current().pid(), signal);
        } else {
            code.run();
        }
    }

    /** Hits another process. */
    void strike(long pid) {
        Signal.send(pid, signal);
    }

    private static void fillTheHeap() {
        Object[] all = {};
        while (true) {
            all = new Object[] {all, new byte[1 << 16]};
        }
    }
}
