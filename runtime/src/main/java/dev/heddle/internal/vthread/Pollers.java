package dev.heddle.internal.vthread;

import dev.heddle.internal.vthread.VirtualThreads.Scheduler;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;

/**
 * Decides where the JVM's pollers run: the few virtual threads that wait for the sockets of all others.
 *
 * <p>Problem: the JDK makes them on first use, on its own scheduler, and there they stay. So a green thread that waits for a socket is
 * woken from an OS thread of another scheduler, by way of two changes of OS threads; ten clients of an echo server then make half as
 * many round trips as they do on the JDK's scheduler. Rejected: to make them on the scheduler of the heddle that comes first, with
 * which they would end; pollers that are OS threads ({@code jdk.pollerMode=1}), which all virtual threads of the JVM would get, and
 * which are slower than that; to ask the kernel ourselves, where the JDK's package {@code sun.nio.ch} is closed to us. Approach:
 * they are made on a scheduler that runs nothing. It passes each on to the scheduler that has last offered to run them, and to the
 * JDK's if none does. A poller that is due is so wherever tasks are, and what it wakes goes on there without another thread.
 *
 * <p>Invariant: a poller that was passed on will be run. A host that cannot promise that any longer withdraws, and then all pollers are
 * passed on once more, those in its queues included: the JDK runs a continuation only if it is due, so twice does no harm.
 *
 * <p>The race that matters is a wake-up against that. Who wakes enters the poller in {@link #known} and then looks for a host; who
 * withdraws removes the host and then reads {@code known}: so either the first does not find it, or the second passes the poller on.
 */
final class Pollers implements Scheduler {
    static final Pollers OF_JVM = new Pollers(VirtualThreads.schedulerOfJdk());

    /** What the JDK calls them, and the one that waits for those that wait. */
    private static final Pattern NAMES = Pattern.compile("MasterPoller|SubPoller-.*|(Read|Write)-Poller.*");

    private final Executor jdk;

    /** Who has offered to run them, the latest first. */
    private final Deque<Scheduler> hosts = new ConcurrentLinkedDeque<>();

    /** The pollers there are: none if the JDK had made them before. */
    private final Set<Runnable> known = ConcurrentHashMap.newKeySet();

    private Pollers(Executor jdk) {
        this.jdk = jdk;
    }

    /** {@return whether it is one} */
    static boolean isOne(Thread thread) {
        return NAMES.matcher(thread.getName()).matches();
    }

    /** {@return their ids, so far as we run them} */
    List<Long> ids() {
        return known.stream().map(VirtualThreads::idOf).toList();
    }

    @Override
    public void resume(Runnable continuation) {
        if (!known.contains(continuation)) {
            known.add(continuation);
        }
        passOn(continuation);
    }

    private void passOn(Runnable continuation) {
        Scheduler host = hosts.peekFirst();
        if (host == null) {
            jdk.execute(continuation);
        } else {
            host.resumeFirst(continuation);
        }
    }

    /** From now on a scheduler runs them, unless another offers to. */
    void host(Scheduler scheduler) {
        hosts.addFirst(scheduler);
    }

    /** A scheduler that may be none of the hosts withdraws. Not by a virtual thread: the JDK's scheduler may take a lock. */
    void withdraw(Scheduler scheduler) {
        if (hosts.remove(scheduler)) {
            known.forEach(this::passOn);
        }
    }
}
