package dev.heddle.bench;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;

/**
 * Whose tasks a shape runs on. A process opens one kind only, so that the compiled code has no virtual call left to
 * make, and the same source is what Heddle and the JDK are compared by.
 */
interface Tasks extends AutoCloseable {
    /** Starts a task. */
    <T> Future<T> start(Callable<T> job);

    /** Lets another task run first. */
    void yield();

    /** {@return a queue whose two operations wait; 0 is a rendezvous} */
    <E> Queue<E> queue(int capacity);

    /** {@return the same on a scheduler of its own, or this where there is only one} To be closed. */
    Tasks fresh();

    @Override
    void close();

    /** What tasks hand elements over with. */
    interface Queue<E> {
        /** Waits for room. */
        void put(E element) throws InterruptedException;

        /** Waits for an element. */
        E take() throws InterruptedException;
    }

    /**
     * @param whose {@code heddle}, {@code jdk} or {@code floor}
     * @param processors of Heddle, 0 for its default; the JDK's are a flag of its JVM
     */
    static Tasks open(String whose, int processors) {
        return switch (whose) {
            case "heddle" -> new OfHeddle(processors);
            case "jdk" -> new OfJdk();
            case "floor" -> new Floor();
            default -> throw new IllegalArgumentException("tasks are of heddle, jdk or floor, not of " + whose);
        };
    }

    /** The GREEN model. */
    final class OfHeddle implements Tasks {
        private final int processors;
        private final Heddle heddle;

        OfHeddle(int processors) {
            this.processors = processors;
            heddle = processors == 0
                    ? Heddle.open(Model.GREEN)
                    : Heddle.builder(Model.GREEN).processors(processors).open();
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
        public Tasks fresh() {
            return new OfHeddle(processors);
        }

        @Override
        public <E> Queue<E> queue(int capacity) {
            Channel<E> channel = heddle.channel(capacity);
            return new Queue<>() {
                @Override
                public void put(E element) throws InterruptedException {
                    channel.send(element);
                }

                @Override
                public E take() throws InterruptedException {
                    return channel.receive();
                }
            };
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
    final class OfJdk implements Tasks {
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
        public <E> Queue<E> queue(int capacity) {
            BlockingQueue<E> queue = capacity == 0 ? new SynchronousQueue<>() : new ArrayBlockingQueue<>(capacity);
            return new Queue<>() {
                @Override
                public void put(E element) throws InterruptedException {
                    queue.put(element);
                }

                @Override
                public E take() throws InterruptedException {
                    return queue.take();
                }
            };
        }

        @Override
        public void close() {}
    }
}
