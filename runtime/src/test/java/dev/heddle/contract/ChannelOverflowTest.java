package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.ChannelClosedException;
import dev.heddle.ChannelFullException;
import dev.heddle.Heddle;
import dev.heddle.Job;
import dev.heddle.Overflow;
import dev.heddle.Received;
import dev.heddle.Select;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of an element for which a channel has no room, by each form of send; and how many fit. */
class ChannelOverflowTest extends ContractTest {
    /** The forms of send. Each says what it says. */
    enum Form {
        SEND {
            @Override
            String send(Channel<Integer> channel, int element) throws InterruptedException {
                channel.send(element);
                return "returned";
            }
        },
        TRY {
            @Override
            String send(Channel<Integer> channel, int element) {
                return String.valueOf(channel.trySend(element));
            }
        },
        TIMED {
            @Override
            String send(Channel<Integer> channel, int element) throws InterruptedException {
                return String.valueOf(channel.send(element, SHORT));
            }
        },
        TIMED_ZERO {
            @Override
            String send(Channel<Integer> channel, int element) throws InterruptedException {
                return String.valueOf(channel.send(element, Duration.ZERO));
            }
        },
        SELECT {
            @Override
            String send(Channel<Integer> channel, int element) throws InterruptedException {
                return new Select<String>()
                        .send(channel, () -> element, () -> "done")
                        .timeout(SHORT, () -> "late")
                        .await();
            }
        },
        TRYING_SELECT {
            @Override
            String send(Channel<Integer> channel, int element) throws InterruptedException {
                return new Select<String>()
                        .send(channel, () -> element, () -> "done")
                        .otherwise(() -> "nothing")
                        .await();
            }
        };

        abstract String send(Channel<Integer> channel, int element) throws InterruptedException;

        final String sendIfItCan(Channel<Integer> channel, int element) throws InterruptedException {
            try {
                return send(channel, element);
            } catch (ChannelFullException e) {
                return "full";
            } catch (ChannelClosedException e) {
                return "closed";
            }
        }
    }

    /** By a task: what the third send to a channel of capacity 2 says. */
    private String thirdSend(Channel<Integer> channel, Form form) throws Exception {
        return heddle().start(() -> {
                    for (int i = 1; i <= 2; i++) {
                        String said = form.sendIfItCan(channel, i);
                        if (!List.of("returned", "true", "done").contains(said)) {
                            throw new IllegalStateException("there was room, but it said " + said);
                        }
                    }
                    return form.sendIfItCan(channel, 3);
                })
                .join();
    }

    private static List<Integer> drain(Channel<Integer> channel) {
        List<Integer> left = new ArrayList<>();
        while (channel.tryReceive() instanceof Received.Element<Integer>(Integer element)) {
            left.add(element);
        }
        return left;
    }

    @ParameterizedTest(name = "{0} says {1}")
    @CsvSource({"SEND, returned", "TRY, true", "TIMED, true", "TIMED_ZERO, true", "SELECT, done", "TRYING_SELECT, done"
    })
    void theOldestIsDropped(Form form, String said) throws Exception {
        Channel<Integer> channel = heddle().channel(2, Overflow.DROP_OLDEST);
        assertThat(thirdSend(channel, form)).isEqualTo(said);
        assertThat(drain(channel)).containsExactly(2, 3);
    }

    @ParameterizedTest(name = "{0} says {1}")
    @CsvSource({
        "SEND, returned",
        "TRY, false",
        "TIMED, false",
        "TIMED_ZERO, false",
        "SELECT, done",
        "TRYING_SELECT, done"
    })
    void theNewestIsDropped(Form form, String said) throws Exception {
        Channel<Integer> channel = heddle().channel(2, Overflow.DROP_NEWEST);
        assertThat(thirdSend(channel, form)).isEqualTo(said);
        assertThat(drain(channel)).containsExactly(1, 2);
    }

    @ParameterizedTest(name = "{0} says {1}")
    @CsvSource({"SEND, full", "TRY, false", "TIMED, full", "TIMED_ZERO, full", "SELECT, late", "TRYING_SELECT, nothing"
    })
    void theSenderIsToldThatItIsFull(Form form, String said) throws Exception {
        Channel<Integer> channel = heddle().channel(2, Overflow.FAIL);
        assertThat(thirdSend(channel, form)).isEqualTo(said);
        assertThat(drain(channel)).containsExactly(1, 2);
    }

    @ParameterizedTest(name = "{0} says {1}")
    @CsvSource({"TRY, false", "TIMED, false", "TIMED_ZERO, false", "SELECT, late", "TRYING_SELECT, nothing"})
    void theSenderWaitsForRoomIfNothingElseIsSaid(Form form, String said) throws Exception {
        Channel<Integer> channel = heddle().channel(2);
        assertThat(channel.overflow()).isEqualTo(Overflow.BLOCK);
        assertThat(thirdSend(channel, form)).isEqualTo(said);
        assertThat(drain(channel)).containsExactly(1, 2);
    }

    @Test
    void anErrorSaysWhatToDo() throws Exception {
        Channel<Integer> channel = heddle().channel(1, Overflow.FAIL);
        channel.send(1);
        assertThatThrownBy(() -> channel.send(2))
                .isInstanceOf(ChannelFullException.class)
                .hasMessageContaining("is full, with 1 elements")
                .hasMessageContaining("was not sent")
                .hasMessageContaining("trySend")
                .hasMessageContaining("Overflow.BLOCK");
        Task<?> task = heddle().start(() -> channel.send(2));
        assertThatThrownBy(task::join)
                .isInstanceOf(TaskFailedException.class)
                .cause()
                .isInstanceOf(ChannelFullException.class)
                .hasMessageContaining("trySend");
    }

    @ParameterizedTest
    @EnumSource
    void whoeverWaitsToReceiveGetsTheElementAndNothingIsDropped(Overflow overflow) throws Exception {
        Channel<Integer> channel = heddle().channel(1, overflow);
        Task<List<Integer>> task = heddle().start(() -> List.of(channel.receive(), channel.receive()));
        for (int i = 1; i <= 2; i++) {
            awaitWaiting(heddle(), 1);
            channel.send(i);
            eventually("it is received", () -> channel.size() == 0);
        }
        assertThat(task.join()).containsExactly(1, 2);
    }

    @ParameterizedTest
    @EnumSource
    void aChannelThatIsClosedTakesNothing(Overflow overflow) throws Exception {
        Channel<Integer> channel = heddle().channel(1, overflow);
        channel.send(1);
        channel.close();
        for (Form form : Form.values()) {
            assertThat(form.sendIfItCan(channel, 2)).as("%s", form).isEqualTo("closed");
            assertThat(heddle().start(() -> form.sendIfItCan(channel, 3)).join())
                    .as("%s in a task", form)
                    .isEqualTo("closed");
        }
        assertThat(drain(channel)).containsExactly(1);
    }

    /** Of a select, too: a channel that fails when it is full is waited for. */
    @Test
    void aSelectWaitsForRoomWhereASendWouldFail() throws Exception {
        Channel<Integer> channel = heddle().channel(1, Overflow.FAIL);
        channel.send(1);
        Task<String> task = heddle().start(() ->
                new Select<String>().send(channel, () -> 2, () -> "sent").await());
        awaitWaiting(heddle(), 1);
        assertThat(channel.receive()).isEqualTo(1);
        assertThat(task.join()).isEqualTo("sent");
        assertThat(channel.receive()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void aTaskSeesWhatTheChannelIsLike(Overflow overflow) throws Exception {
        Channel<Integer> channel = heddle().channel(3, overflow);
        assertThat(channel.overflow()).isEqualTo(overflow);
        assertThat(heddle().start(() -> channel.capacity() + " " + channel.overflow())
                        .join())
                .isEqualTo("3 " + overflow);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BLOCK")
    void aRendezvousCanOnlyBlock(Overflow overflow) {
        assertThatThrownBy(() -> heddle().channel(0, overflow))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("always full")
                .hasMessageContaining("capacity of 1 or more");
        assertThatThrownBy(() -> heddle().channel(-1, overflow)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> heddle().channel(1, null)).isInstanceOf(NullPointerException.class);
    }

    /** A sender that never waits, and a receiver that cannot keep up: what comes is in order, and the last of all comes. */
    @ParameterizedTest
    @EnumSource(names = {"DROP_OLDEST", "DROP_NEWEST"})
    void whatIsNotDroppedKeepsItsOrder(Overflow overflow) throws Exception {
        int count = 500;
        Channel<Integer> channel = heddle().channel(4, overflow);
        Task<Integer> sender = heddle().start(() -> {
            int dropped = 0;
            for (int i = 0; i < count; i++) {
                if (!channel.trySend(i)) {
                    dropped++;
                }
                if (i % 3 == 0) {
                    Heddle.yield();
                }
            }
            channel.close();
            return dropped;
        });
        List<Integer> received = new ArrayList<>();
        for (int element : channel) {
            received.add(element);
            Heddle.yield();
        }
        assertThat(received).isSorted().doesNotHaveDuplicates();
        if (overflow == Overflow.DROP_OLDEST) {
            assertThat(sender.join()).as("told of as dropped").isZero();
            assertThat(received).contains(count - 1);
        } else {
            assertThat(received).hasSize(count - sender.join()).contains(0);
        }
    }

    // ---- how many fit, and how many there are

    private static Job<Integer> sendMany(Channel<Integer> channel, int count) {
        return () -> {
            for (int i = 0; i < count; i++) {
                switch (i % 4) {
                    case 0 -> channel.send(i);
                    case 1 -> require(channel.trySend(i));
                    case 2 -> require(channel.send(i, Duration.ZERO));
                    default -> {
                        int element = i;
                        require(new Select<Boolean>()
                                .send(channel, () -> element, () -> true)
                                .otherwise(() -> false)
                                .await());
                    }
                }
            }
            return channel.size();
        };
    }

    private static void require(boolean sent) {
        if (!sent) {
            throw new IllegalStateException("there is room without limit");
        }
    }

    @Test
    void withoutALimitASendNeverWaits() throws Exception {
        int count = 2_000;
        Channel<Integer> channel = heddle().channel(Channel.UNLIMITED);
        assertThat(channel.capacity()).isEqualTo(Channel.UNLIMITED);
        assertThat(heddle().start(sendMany(channel, count)).join()).isEqualTo(count);
        assertThat(channel.size()).isEqualTo(count);
        for (int i = 0; i < count; i++) {
            assertThat(channel.receive()).isEqualTo(i);
        }
        assertThat(channel.size()).isZero();
    }

    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(ints = {0, 1, 3})
    void theSizeIsWhatWasSentAndNotReceivedNotWhoWaits(int capacity) throws Exception {
        Channel<Integer> channel = heddle().channel(capacity);
        assertThat(channel.size()).isZero();
        for (int i = 0; i < capacity; i++) {
            channel.send(i);
            assertThat(channel.size()).isEqualTo(i + 1);
        }
        Task<?> sender = heddle().start(() -> channel.send(99));
        awaitWaiting(heddle(), 1);
        assertThat(channel.size()).as("with a sender that waits").isEqualTo(capacity);
        channel.receive();
        sender.join();
        assertThat(channel.size()).isEqualTo(capacity);
        channel.close();
        assertThat(channel.size()).as("closed and not drained").isEqualTo(capacity);
        assertThat(heddle().start(() -> channel.size()).join()).isEqualTo(capacity);
        assertThat(drain(channel)).hasSize(capacity);
        assertThat(channel.size()).isZero();
    }
}
