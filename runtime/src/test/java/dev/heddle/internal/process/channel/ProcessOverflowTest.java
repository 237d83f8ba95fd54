package dev.heddle.internal.process.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.ChannelFullException;
import dev.heddle.Heddle;
import dev.heddle.Job;
import dev.heddle.Model;
import dev.heddle.Overflow;
import dev.heddle.Task;
import dev.heddle.internal.channel.QueueChannel;
import dev.heddle.testing.HeddleTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a full channel does with one more element is the same for a worker as in one process. */
class ProcessOverflowTest extends HeddleTest {
    private static Heddle heddle;

    @BeforeAll
    static void open() {
        heddle = Heddle.builder(Model.PROCESS).processors(1).open();
    }

    @AfterAll
    static void close() {
        heddle.close();
    }

    /** {@return how each kind of send went, on a channel with room for two that has none left in the end, and what is in it} */
    private static List<String> useAll(Channel<Integer> channel) throws Exception {
        List<String> log = new ArrayList<>();
        log.add(channel.overflow() + " " + channel.capacity());
        for (int i = 0; i < 9; i += 3) {
            int x = i;
            log.add("trySend " + x + ": " + outcome(() -> channel.trySend(x)));
            log.add("send " + (x + 1) + ": "
                    + outcome(() -> {
                        if (channel.overflow() != Overflow.BLOCK) { // else it waits
                            channel.send(x + 1);
                        }
                        return null;
                    }));
            log.add("send " + (x + 2) + " in time: " + outcome(() -> channel.send(x + 2, SHORT)));
            log.add("size " + channel.size());
        }
        log.add(channel.tryReceive() + " " + channel.tryReceive() + " " + channel.tryReceive());
        log.add("size " + channel.size());
        channel.close(new IllegalStateException("out of order"));
        log.add("trySend: " + outcome(() -> channel.trySend(1)));
        log.add("send in time: " + outcome(() -> channel.send(1, SHORT)));
        log.add("send: "
                + outcome(() -> {
                    channel.send(1);
                    return null;
                }));
        return log;
    }

    private static Object outcome(Job<?> send) throws Exception {
        try {
            return send.call();
        } catch (IllegalStateException e) { // of which the channel's exceptions are
            return e + ", because of " + e.getCause();
        }
    }

    @ParameterizedTest
    @EnumSource(Overflow.class)
    void asInOneProcess(Overflow overflow) throws Exception {
        List<String> local = useAll(new QueueChannel<>(2, overflow));
        Channel<Integer> channel = heddle.channel(2, overflow);
        assertThat(heddle.start(() -> useAll(channel)).join()).isEqualTo(local);
        assertThat(useAll(heddle.channel(2, overflow))).as("in the parent").isEqualTo(local);
    }

    @Test
    void theNewestIsDroppedAndTheSenderGoesOn() throws Exception {
        Channel<Integer> channel = heddle.channel(1, Overflow.DROP_NEWEST);
        assertThat(heddle.start(() -> {
                            channel.send(1);
                            channel.send(2);
                            return channel.trySend(3) + " " + channel.send(4, LONG);
                        })
                        .join())
                .isEqualTo("false false");
        assertThat(channel.receive()).isEqualTo(1);
        assertThat(channel.size()).isZero();
    }

    @Test
    void theOldestMakesRoom() throws Exception {
        Channel<Integer> channel = heddle.channel(1, Overflow.DROP_OLDEST);
        assertThat(heddle.start(() -> {
                            channel.send(1);
                            channel.send(2);
                            return channel.trySend(3) + " " + channel.send(4, LONG);
                        })
                        .join())
                .isEqualTo("true true");
        assertThat(channel.receive()).isEqualTo(4);
        assertThat(channel.size()).isZero();
    }

    @Test
    void aFullChannelFails() throws Exception {
        Channel<Integer> channel = heddle.channel(1, Overflow.FAIL);
        assertThat(heddle.start(() -> channel.trySend(1) + " " + channel.trySend(2))
                        .join())
                .isEqualTo("true false");
        Task<?> task = heddle.start(() -> channel.send(3));
        assertThatThrownBy(task::join)
                .cause()
                .isInstanceOf(ChannelFullException.class)
                .hasMessageStartingWith("the channel is full, with 1 elements");
        assertThat(heddle.start(() -> {
                            try {
                                return channel.send(4, LONG);
                            } catch (ChannelFullException e) {
                                return "at once";
                            }
                        })
                        .join())
                .isEqualTo("at once");
        assertThat(channel.receive()).isEqualTo(1);
    }

    @Test
    void senderWaitsForRoom() throws Exception {
        Channel<Integer> channel = heddle.channel(1, Overflow.BLOCK);
        Channel<Integer> begun = heddle.channel(1);
        Task<Boolean> task = heddle.start(() -> {
            channel.send(1);
            begun.send(1);
            channel.send(2);
            return channel.send(3, LONG);
        });
        begun.receive();
        for (int i = 1; i <= 3; i++) {
            assertThat(channel.receive()).isEqualTo(i);
        }
        assertThat(task.join()).isTrue();
    }
}
