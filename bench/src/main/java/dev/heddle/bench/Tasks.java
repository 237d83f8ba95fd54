package dev.heddle.bench;

import dev.heddle.FiberBacking;
import dev.heddle.Heddle;
import dev.heddle.Model;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

/**
 * Whose tasks a shape runs on. A process opens one kind only, so that the compiled code has no virtual call left to
 * make, and the same source is what Heddle and the JDK are compared by.
 */
interface Tasks extends AutoCloseable {
    /** Starts a task. */
    <T> Future<T> start(Callable<T> job);

    /** Lets another task run first. */
    void yield();

    /** {@return what the tasks hand elements over with} */
    Channels channels();

    /** {@return how they take turns} */
    default Turns turns() {
        throw new UnsupportedOperationException("these tasks are for other shapes");
    }

    /** {@return the same on a scheduler of its own, or this where there is only one} To be closed. */
    Tasks fresh();

    /** {@return the same on OS threads, with no scheduler but the operating system's} To be closed. */
    Tasks onOsThreads();

    @Override
    void close();

    /**
     * @param competitor as it calls itself, or {@code floor}
     * @param processors of Heddle, 0 for its default; the JDK's are a flag of its JVM
     */
    static Tasks open(String competitor, int processors) {
        return switch (competitor) {
            case "heddle" -> new OfHeddle(Model.GREEN, processors, Channels.OfHeddle::new);
            case "jdk" -> new OfJdk(new Channels.OfJdk());
            case "jdk on GREEN" -> new OfHeddle(Model.GREEN, processors, heddle -> new Channels.OfJdk());
            case "jox" -> new OfJdk(new Channels.OfJox());
            case "jox on GREEN" -> new OfHeddle(Model.GREEN, processors, heddle -> new Channels.OfJox());
            case "fiber" -> new OnlyTurns(new Turns.OfFibers(FiberBacking.CONTINUATION));
            case "fiber on OS threads" -> new OnlyTurns(new Turns.OfFibers(FiberBacking.OS_THREAD));
            case "green" -> new OnlyTurns(new Turns.OfGreen());
            case "continuation" -> new OnlyTurns(new Turns.OfContinuations());
            case "floor" -> new Floor();
            default -> throw new IllegalArgumentException("no tasks are called " + competitor);
        };
    }

    /** Heddle's, with channels of its own or of others. */
    final class OfHeddle implements Tasks {
        private final int processors;
        private final Function<Heddle, Channels> kind;
        private final Heddle heddle;
        private final Channels channels;

        OfHeddle(Model model, int processors, Function<Heddle, Channels> kind) {
            this(
                    processors == 0
                            ? Heddle.open(model)
                            : Heddle.builder(model).processors(processors).open(),
                    processors,
                    kind);
        }

        OfHeddle(Heddle heddle, int processors, Function<Heddle, Channels> kind) {
            this.processors = processors;
            this.kind = kind;
            this.heddle = heddle;
            channels = kind.apply(heddle);
        }

        @Override
        public <T> Future<T> start(Callable<T> job) {
            return heddle.submit(job);
        }

        @Override
        public void yield() {
            Heddle.yield();
        }

        @Override
        public Channels channels() {
            return channels;
        }

        @Override
        public Tasks fresh() {
            return new OfHeddle(heddle.model(), processors, kind);
        }

        @Override
        public Tasks onOsThreads() {
            return new OfHeddle(Model.THREAD, processors, kind);
        }

        @Override
        public void close() {
            heddle.close();
        }
    }

    /**
     * Virtual threads on the JDK's default scheduler, each with a {@link FutureTask}. An executor of virtual threads is
     * about as fast, but keeps a set of its threads even where the JDK is told not to track all.
     */
    record OfJdk(Channels channels) implements Tasks {
        @Override
        public Turns turns() {
            return new Turns.OfJdk();
        }

        @Override
        public <T> Future<T> start(Callable<T> job) {
            FutureTask<T> task = new FutureTask<>(job);
            Thread.startVirtualThread(task);
            return task;
        }

        @Override
        public void yield() {
            Thread.yield();
        }

        @Override
        public Tasks fresh() {
            return this;
        }

        @Override
        public Tasks onOsThreads() {
            return new OnOsThreads(channels);
        }

        @Override
        public void close() {}
    }

    /** Platform threads, each with a {@link FutureTask}. */
    record OnOsThreads(Channels channels) implements Tasks {
        @Override
        public <T> Future<T> start(Callable<T> job) {
            FutureTask<T> task = new FutureTask<>(job);
            Thread.ofPlatform().start(task);
            return task;
        }

        @Override
        public void yield() {
            Thread.yield();
        }

        @Override
        public Tasks fresh() {
            return this;
        }

        @Override
        public Tasks onOsThreads() {
            return this;
        }

        @Override
        public void close() {}
    }

    /** Of those that do nothing here but take turns. */
    record OnlyTurns(Turns turns) implements Tasks {
        private static UnsupportedOperationException unsupported() {
            return new UnsupportedOperationException("they are for shapes of turns alone");
        }

        @Override
        public <T> Future<T> start(Callable<T> job) {
            throw unsupported();
        }

        @Override
        public void yield() {
            throw unsupported();
        }

        @Override
        public Channels channels() {
            throw unsupported();
        }

        @Override
        public Tasks fresh() {
            return this;
        }

        @Override
        public Tasks onOsThreads() {
            throw unsupported();
        }

        @Override
        public void close() {}
    }
}
