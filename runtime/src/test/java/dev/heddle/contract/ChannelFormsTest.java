package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Received;
import dev.heddle.Select;
import dev.heddle.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each form of a send goes together with each form of a receive. */
class ChannelFormsTest extends ContractTest {
    private static final int COUNT = 20;
    private static final Duration A_MOMENT = Duration.ofNanos(200_000);

    /** How to send one element, and go on only when it was sent. */
    enum Send {
        PLAIN {
            @Override
            void send(Channel<Integer> channel, int element) throws InterruptedException {
                channel.send(element);
            }
        },
        TRYING {
            @Override
            void send(Channel<Integer> channel, int element) {
                while (!channel.trySend(element)) {
                    Heddle.yield();
                }
            }
        },
        TIMED {
            @Override
            void send(Channel<Integer> channel, int element) throws InterruptedException {
                while (!channel.send(element, A_MOMENT)) {}
            }
        },
        SELECT {
            @Override
            void send(Channel<Integer> channel, int element) throws InterruptedException {
                select(channel, element).await();
            }
        },
        TRYING_SELECT {
            @Override
            void send(Channel<Integer> channel, int element) throws InterruptedException {
                Select<Boolean> select = select(channel, element).otherwise(() -> false);
                while (!select.await()) {
                    Heddle.yield();
                }
            }
        },
        TIMED_SELECT {
            @Override
            void send(Channel<Integer> channel, int element) throws InterruptedException {
                Select<Boolean> select = select(channel, element).timeout(A_MOMENT, () -> false);
                while (!select.await()) {}
            }
        },
        SELECT_OF_TWO_CLAUSES {
            @Override
            void send(Channel<Integer> channel, int element) throws InterruptedException {
                select(channel, element)
                        .send(channel, () -> element, () -> true)
                        .await();
            }
        };

        abstract void send(Channel<Integer> channel, int element) throws InterruptedException;

        static Select<Boolean> select(Channel<Integer> channel, int element) {
            return new Select<Boolean>().send(channel, () -> element, () -> true);
        }
    }

    /** How to receive one element; null at the end. */
    enum Receive {
        ITERATING {
            @Override
            Integer receive(Channel<Integer> channel) {
                for (int element : channel) {
                    return element;
                }
                return null;
            }
        },
        TRYING {
            @Override
            Integer receive(Channel<Integer> channel) {
                Received<Integer> received = channel.tryReceive();
                while (received instanceof Received.Empty) {
                    Heddle.yield();
                    received = channel.tryReceive();
                }
                return elementOf(received);
            }
        },
        TIMED {
            @Override
            Integer receive(Channel<Integer> channel) throws InterruptedException {
                Received<Integer> received = channel.receive(A_MOMENT);
                while (received instanceof Received.Empty) {
                    received = channel.receive(A_MOMENT);
                }
                return elementOf(received);
            }
        },
        SELECT {
            @Override
            Integer receive(Channel<Integer> channel) throws InterruptedException {
                return select(channel).await();
            }
        },
        TRYING_SELECT {
            @Override
            Integer receive(Channel<Integer> channel) throws InterruptedException {
                Select<Integer> select = select(channel).otherwise(() -> NOTHING);
                int received = select.await();
                while (received == NOTHING) {
                    Heddle.yield();
                    received = select.await();
                }
                return received;
            }
        },
        TIMED_SELECT {
            @Override
            Integer receive(Channel<Integer> channel) throws InterruptedException {
                Select<Integer> select = select(channel).timeout(A_MOMENT, () -> NOTHING);
                int received = select.await();
                while (received == NOTHING) {
                    received = select.await();
                }
                return received;
            }
        },
        SELECT_OF_TWO_CLAUSES {
            @Override
            Integer receive(Channel<Integer> channel) throws InterruptedException {
                return select(channel)
                        .receive(channel, element -> element, cause -> END)
                        .await();
            }
        };

        static final int NOTHING = -1;

        abstract Integer receive(Channel<Integer> channel) throws InterruptedException;

        static Select<Integer> select(Channel<Integer> channel) {
            return new Select<Integer>().receive(channel, element -> element, cause -> END);
        }

        static Integer elementOf(Received<Integer> received) {
            return received instanceof Received.Element<Integer>(Integer element) ? element : null;
        }
    }

    private static final int END = -2;

    private static Stream<Arguments> forms() {
        List<Arguments> all = new ArrayList<>();
        for (int capacity : new int[] {0, 1, Channel.UNLIMITED}) {
            for (Send send : Send.values()) {
                for (Receive receive : Receive.values()) {
                    all.add(Arguments.of(send, receive, capacity));
                }
            }
        }
        return all.stream();
    }

    /** Two that only try never meet at a rendezvous: one of them would have to wait. Go says the same. */
    private static boolean bothOnlyTry(Send send, Receive receive) {
        return (send == Send.TRYING || send == Send.TRYING_SELECT)
                && (receive == Receive.TRYING || receive == Receive.TRYING_SELECT);
    }

    @ParameterizedTest(name = "{0} to {1}, capacity {2}")
    @MethodSource("forms")
    void eachSendMeetsEachReceive(Send send, Receive receive, int capacity) throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> channel = heddle.channel(capacity);
        if (capacity == 0 && bothOnlyTry(send, receive)) {
            assertThat(channel.trySend(1)).isFalse();
            assertThat(channel.tryReceive()).isEqualTo(new Received.Empty<Integer>());
            return;
        }
        Task<?> sender = heddle.start(() -> {
            for (int i = 0; i < COUNT; i++) {
                send.send(channel, i);
            }
            channel.close();
        });
        Task<Integer> receiver = heddle.start(() -> {
            int next = 0;
            while (true) {
                Integer element = receive.receive(channel);
                if (element == null || element == END) {
                    return next;
                }
                if (element != next++) {
                    throw new IllegalStateException(element + " instead of " + (next - 1));
                }
            }
        });
        sender.join();
        assertThat(receiver.join()).isEqualTo(COUNT);
    }
}
