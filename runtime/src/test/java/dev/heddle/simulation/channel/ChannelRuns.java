package dev.heddle.simulation.channel;

import dev.heddle.internal.vthread.VirtualThreads;
import dev.heddle.simulation.Choices;
import dev.heddle.simulation.EveryChoice;
import dev.heddle.simulation.Interleaving;
import dev.heddle.simulation.RandomChoices;
import dev.heddle.simulation.channel.Program.Form;
import dev.heddle.simulation.channel.Program.Operation;
import dev.heddle.simulation.channel.Program.Overflow;
import dev.heddle.simulation.channel.Program.Pass;
import dev.heddle.simulation.channel.Program.Result;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Runs of a program on the channels of the runtime; each history is checked by {@link ChannelModel}. */
final class ChannelRuns {
    private static final Constructor<?> CHANNELS = channels();

    private final Program program;
    private final ChannelModel model;

    ChannelRuns(Program program) {
        this.program = program;
        this.model = new ChannelModel(program);
    }

    private static Constructor<?> channels() {
        String real = RealChannels.class.getName();
        ClassLoader classes = Interleaving.classes(
                name -> name.startsWith(real) || isOfRuntime(name), name -> !name.startsWith(real));
        try {
            Constructor<?> constructor = classes.loadClass(real).getDeclaredConstructor(Program.class);
            constructor.setAccessible(true); // to the JVM this is another package
            return constructor;
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** But what reaches into the JDK, which is there once. */
    private static boolean isOfRuntime(String name) {
        return name.startsWith("dev.heddle.")
                && !name.startsWith(Interleaving.class.getPackageName())
                && !name.startsWith(VirtualThreads.class.getPackageName());
    }

    /**
     * Runs the program in every order with so many preemptions.
     *
     * @return how many there are
     */
    int inEveryOrder(int preemptions, boolean everywhere) {
        EveryChoice choices = new EveryChoice(preemptions);
        int runs = 0;
        do {
            try {
                run(choices, everywhere, null);
            } catch (Throwable t) {
                choices.restart();
                throw failure(t, choices, everywhere, "up to " + preemptions + " preemptions");
            }
            runs++;
        } while (choices.advance());
        return runs;
    }

    /**
     * Runs the program in an order that a seed decides.
     *
     * @param longestStop for how many nanoseconds a thread may be stopped; 0 if none is
     * @param log gets what happens; null if nobody wants to know
     */
    void inSomeOrder(long seed, long longestStop, List<String> log) {
        try {
            run(new RandomChoices(seed, longestStop), true, log);
        } catch (Throwable t) {
            throw failure(t, new RandomChoices(seed, longestStop), true, "seed " + seed);
        }
    }

    /** Runs it once more, for the log. */
    private AssertionError failure(Throwable cause, Choices same, boolean everywhere, String how) {
        List<String> log = new ArrayList<>();
        String again = "it has passed when run once more";
        try {
            run(same, everywhere, log);
        } catch (Throwable t) {
            again = t.toString();
        }
        return new AssertionError(
                again + "\nin " + program + "\nwith " + how + ", in this order:\n  " + String.join("\n  ", log), cause);
    }

    private void run(Choices choices, boolean everywhere, List<String> log) throws Throwable {
        Channels channels = (Channels) CHANNELS.newInstance(program);
        Run run = new Run(channels, choices, everywhere, log);
        List<Runnable> codes = new ArrayList<>();
        for (int thread = 0; thread < program.threads().size(); thread++) {
            int me = thread;
            codes.add(() -> run.perform(me));
        }
        model.restart();
        run.interleaving.run(codes);
        run.requireNobodyIsStuck();
    }

    private final class Run implements Interleaving.Watch {
        final Channels channels;
        final Interleaving interleaving;
        private final List<Event> history = new ArrayList<>();

        /** The operation of each thread; as many as it has, once it has ended. */
        private final int[] index = new int[program.threads().size()];

        /** Whether a thread waits for others; else it may be at work. */
        private final boolean[] waits = new boolean[program.threads().size()];

        Run(Channels channels, Choices choices, boolean everywhere, List<String> log) {
            this.channels = channels;
            this.interleaving = new Interleaving(choices, everywhere, this, log);
        }

        private void see(Event event) {
            history.add(event);
            Optional<String> wrong = model.see(event);
            if (wrong.isPresent()) {
                throw new AssertionError(wrong.get()
                        + history.stream().map(Event::toString).collect(Collectors.joining("\n  ", "\nafter\n  ", "")));
            }
        }

        void perform(int thread) {
            for (Operation operation : program.threads().get(thread)) {
                interleaving.note("begins to", operation);
                see(new Event.Call(thread, index[thread]));
                long start = interleaving.now();
                Result result = channels.perform(operation);
                interleaving.note("that was:", result);
                see(new Event.Return(thread, index[thread], result));
                if (result.equals(Result.NOTHING)
                        && operation instanceof Pass pass
                        && pass.form() == Form.FOR_SOME_TIME
                        && program.channels().getFirst().overflow() == Overflow.BLOCK
                        && interleaving.now() - start < pass.nanos()) {
                    throw new AssertionError("gives up too early: " + operation);
                }
                waits[thread] = false;
                index[thread]++;
            }
            see(new Event.End(thread, interleaving.isInterrupted()));
            waits[thread] = true;
        }

        /** Nobody can go on any more; that a thread waits for others then has been looked at, but it must not wait for a lock. */
        void requireNobodyIsStuck() {
            for (int thread = 0; thread < waits.length; thread++) {
                if (!waits[thread]) {
                    throw new AssertionError("thread " + thread + " never goes on");
                }
            }
        }

        @Override
        public void parks(Object blocker) {
            int thread = interleaving.actor();
            waits[thread] = channels.isWait(blocker);
            if (waits[thread]) {
                interleaving.note("waits");
                see(new Event.Wait(thread, index[thread]));
            }
        }

        @Override
        public void atRest() {
            for (boolean waiting : waits) {
                if (!waiting) {
                    return;
                }
            }
            interleaving.note("nobody can go on");
            see(new Event.Rest());
        }
    }
}
