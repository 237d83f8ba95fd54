package dev.heddle.bench;

import com.softwaremill.jox.SelectClause;
import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Select;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.stream.Stream;

/** Whose channels tasks hand elements over with. As with {@link Tasks}, a process has one kind only. */
interface Channels {
    /** {@return a channel as it is} */
    Object unwrapped(int capacity);

    /** {@return a channel in the form that shapes use; 0 is a rendezvous} */
    <E> Queue<E> queue(int capacity);

    /** {@return so many channels of which one task receives at once} */
    <E> Selection<E> selection(int channels, int capacity);

    /** A channel. */
    interface Queue<E> {
        /** Waits for room. */
        void put(E element) throws InterruptedException;

        /** Waits for an element. */
        E take() throws InterruptedException;
    }

    /** Several channels, and a task that takes from whichever has an element. */
    interface Selection<E> {
        /** Waits for room. */
        void put(int channel, E element) throws InterruptedException;

        /** Waits for an element of any. */
        E take() throws InterruptedException;
    }

    /** Heddle's. */
    record OfHeddle(Heddle heddle) implements Channels {
        @Override
        public Object unwrapped(int capacity) {
            return heddle.channel(capacity);
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
        public <E> Selection<E> selection(int size, int capacity) {
            List<Channel<E>> channels = Stream.generate(() -> heddle.<E>channel(capacity))
                    .limit(size)
                    .toList();
            Select<E> select = new Select<>();
            channels.forEach(channel -> select.receive(channel, element -> element));
            return new Selection<>() {
                @Override
                public void put(int channel, E element) throws InterruptedException {
                    channels.get(channel).send(element);
                }

                @Override
                public E take() throws InterruptedException {
                    return select.await();
                }
            };
        }
    }

    /** The JDK's blocking queues. */
    record OfJdk() implements Channels {
        @Override
        public Object unwrapped(int capacity) {
            return blockingQueue(capacity);
        }

        private static <E> BlockingQueue<E> blockingQueue(int capacity) {
            return capacity == 0 ? new SynchronousQueue<>() : new ArrayBlockingQueue<>(capacity);
        }

        @Override
        public <E> Queue<E> queue(int capacity) {
            BlockingQueue<E> queue = blockingQueue(capacity);
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
        public <E> Selection<E> selection(int channels, int capacity) {
            throw new UnsupportedOperationException("the JDK selects between no queues");
        }
    }

    /** Jox's. */
    record OfJox() implements Channels {
        @Override
        public Object unwrapped(int capacity) {
            return channel(capacity);
        }

        private static <E> com.softwaremill.jox.Channel<E> channel(int capacity) {
            return com.softwaremill.jox.Channel.newBufferedChannel(capacity); // where 0 is a rendezvous, too
        }

        @Override
        public <E> Queue<E> queue(int capacity) {
            com.softwaremill.jox.Channel<E> channel = channel(capacity);
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
        public <E> Selection<E> selection(int size, int capacity) {
            List<com.softwaremill.jox.Channel<E>> channels = Stream.generate(() -> OfJox.<E>channel(capacity))
                    .limit(size)
                    .toList();
            @SuppressWarnings({"unchecked", "rawtypes"})
            SelectClause<E>[] clauses = channels.stream()
                    .map(com.softwaremill.jox.Channel::receiveClause)
                    .toArray(SelectClause[]::new);
            return new Selection<>() {
                @Override
                public void put(int channel, E element) throws InterruptedException {
                    channels.get(channel).send(element);
                }

                @Override
                public E take() throws InterruptedException {
                    return com.softwaremill.jox.Select.select(clauses);
                }
            };
        }
    }
}
