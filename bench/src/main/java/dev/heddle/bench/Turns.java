package dev.heddle.bench;

import dev.heddle.FiberBacking;
import dev.heddle.Generator;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.SynchronousQueue;

/**
 * Who takes turns: tasks that switch, and code that makes elements one at a time. All return nanoseconds for one of what they say.
 */
interface Turns {
    /** {@return the time of a yield, while so many tasks do nothing else} */
    double yield(int tasks, int times) throws Exception;

    /** {@return the time of a switch between two tasks that name each other} */
    double switchTo(int times) throws Exception;

    /** {@return the time of an element of a generator that counts} */
    double generator(int count) throws Exception;

    /** {@return the same where the body does nothing before it is asked} */
    double generatorOnDemand(int count) throws Exception;

    private static double each(long start, long count) {
        return (System.nanoTime() - start) / (double) count;
    }

    private static void check(long sum, int count) {
        if (sum != (count - 1L) * count / 2) {
            throw new AssertionError(sum + " is not the sum of " + count + " elements");
        }
    }

    private static double count(Iterator<Integer> elements, int count) {
        long start = System.nanoTime();
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += elements.next();
        }
        double each = each(start, count);
        check(sum, count);
        return each;
    }

    private static Generator<Integer> counting() {
        return Generator.of(out -> {
            for (int i = 0; ; i++) {
                out.yield(i);
            }
        });
    }

    /** Heddle's fibers, of which the caller is the owner; its generators run in the caller. */
    record OfFibers(FiberBacking backing) implements Turns {
        private Heddle open() {
            return Heddle.builder(Model.FIBER).fiberBacking(backing).open();
        }

        @Override
        public double yield(int tasks, int times) throws Exception {
            try (Heddle heddle = open()) {
                return yields(heddle, tasks, times);
            }
        }

        static double yields(Heddle heddle, int tasks, int times) throws Exception {
            long start = System.nanoTime();
            List<Task<?>> all = new ArrayList<>(tasks);
            for (int i = 0; i < tasks; i++) {
                all.add(heddle.start(() -> {
                    for (int j = 0; j < times; j++) {
                        Heddle.yield();
                    }
                }));
            }
            Switching.joinAll(all);
            return each(start, (long) tasks * times);
        }

        @Override
        public double switchTo(int times) throws Exception {
            try (Heddle heddle = open()) {
                List<Task<?>> two = new ArrayList<>(2);
                for (int i = 0; i < 2; i++) {
                    int other = 1 - i;
                    two.add(heddle.start(() -> {
                        Task<?> to = two.get(other);
                        for (int j = 0; j < times; j++) {
                            Heddle.switchTo(to);
                        }
                    }));
                }
                long start = System.nanoTime();
                Switching.joinAll(two);
                return each(start, 2L * times);
            }
        }

        @Override
        public double generator(int count) {
            try (Generator<Integer> elements = counting()) {
                return Turns.count(elements, count);
            }
        }

        @Override
        public double generatorOnDemand(int count) {
            return generator(count); // it knows no other way
        }
    }

    /** GREEN, which has no switch to a named task, so that of two tasks the other is next; generators run in a task. */
    record OfGreen() implements Turns {
        @Override
        public double yield(int tasks, int times) throws Exception {
            try (Heddle heddle = Heddle.builder(Model.GREEN).processors(1).open()) {
                return OfFibers.yields(heddle, tasks, times);
            }
        }

        @Override
        public double switchTo(int times) throws Exception {
            return this.yield(2, times);
        }

        @Override
        public double generator(int count) throws Exception {
            try (Heddle heddle = Heddle.open(Model.GREEN)) {
                return heddle.start(() -> {
                            try (Generator<Integer> elements = counting()) {
                                return Turns.count(elements, count);
                            }
                        })
                        .join();
            }
        }

        @Override
        public double generatorOnDemand(int count) throws Exception {
            return generator(count);
        }
    }

    /** Bare continuations, which the caller runs in turn. */
    record OfContinuations() implements Turns {
        @Override
        public double yield(int tasks, int times) {
            List<RawContinuation> all = new ArrayList<>(tasks);
            for (int i = 0; i < tasks; i++) {
                all.add(new RawContinuation(() -> {
                    while (true) {
                        RawContinuation.pause();
                    }
                }));
            }
            long start = System.nanoTime();
            for (int j = 0; j < times; j++) {
                for (RawContinuation each : all) {
                    each.run();
                }
            }
            return each(start, (long) tasks * times);
        }

        @Override
        public double switchTo(int times) {
            return this.yield(2, times);
        }

        @Override
        public double generator(int count) {
            return Turns.count(new Counter(), count);
        }

        @Override
        public double generatorOnDemand(int count) {
            return generator(count);
        }

        private static final class Counter implements Iterator<Integer> {
            private int element;
            private final RawContinuation body = new RawContinuation(() -> {
                for (int i = 0; ; i++) {
                    element = i;
                    RawContinuation.pause();
                }
            });

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Integer next() {
                body.run();
                return element;
            }
        }
    }

    /** Virtual threads on the JDK's default scheduler, and a generator made of two of them and a queue. */
    record OfJdk() implements Turns {
        @Override
        public double yield(int tasks, int times) throws Exception {
            return Switching.yield(new Tasks.OfJdk(new Channels.OfJdk()), tasks, times);
        }

        @Override
        public double switchTo(int times) throws Exception {
            return this.yield(2, times);
        }

        @Override
        public double generator(int count) throws Exception {
            SynchronousQueue<Integer> elements = new SynchronousQueue<>();
            return between(
                    () -> {
                        for (int i = 0; i < count; i++) {
                            elements.put(i);
                        }
                    },
                    elements::take,
                    count);
        }

        @Override
        public double generatorOnDemand(int count) throws Exception {
            SynchronousQueue<Boolean> requests = new SynchronousQueue<>();
            SynchronousQueue<Integer> elements = new SynchronousQueue<>();
            return between(
                    () -> {
                        for (int i = 0; i < count; i++) {
                            requests.take();
                            elements.put(i);
                        }
                    },
                    () -> {
                        requests.put(true);
                        return elements.take();
                    },
                    count);
        }

        private interface Body {
            void run() throws InterruptedException;
        }

        private interface Next {
            int next() throws InterruptedException;
        }

        private static double between(Body body, Next next, int count) throws Exception {
            Tasks tasks = new Tasks.OfJdk(new Channels.OfJdk());
            var producer = tasks.start(() -> {
                body.run();
                return count;
            });
            var consumer = tasks.start(() -> {
                long start = System.nanoTime();
                long sum = 0;
                for (int i = 0; i < count; i++) {
                    sum += next.next();
                }
                double each = each(start, count);
                check(sum, count);
                return each;
            });
            producer.get();
            return consumer.get();
        }
    }
}
