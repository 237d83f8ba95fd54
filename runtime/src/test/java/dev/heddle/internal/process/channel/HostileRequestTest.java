package dev.heddle.internal.process.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.heddle.Channel;
import dev.heddle.NotTransferableException;
import dev.heddle.internal.process.form.Payload;
import dev.heddle.internal.process.link.CorruptFrameException;
import dev.heddle.internal.process.link.Message;
import dev.heddle.internal.process.link.Message.Op;
import dev.heddle.internal.process.link.Message.Outcome;
import dev.heddle.internal.process.link.Message.Request;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What no worker of ours asks: a worker may be anything, and nothing of a request that makes no sense is done. */
class HostileRequestTest extends ServedRequests {
    private void refuses(Request request, String why) {
        assertThatThrownBy(() -> server.serve(request))
                .isInstanceOf(CorruptFrameException.class)
                .hasMessageContaining(why);
        assertThat(answers()).isEmpty();
        assertThat(channels.values()).allMatch(channel -> channel.size() == 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = Op.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"ACQUIRE", "TRY_ACQUIRE", "RELEASE", "ABANDON"}) // those are of a PermitServer
    void aChannelThatItWasNeverGiven(Op op) {
        channel(A, 10);
        byte[] payload = op == Op.SELECT || op == Op.TRY_SELECT ? join(send(A, "x"), receive(UNKNOWN)) : element("x");
        refuses(new Request(op, 1, UNKNOWN, payload), "channel 3, which it was never given");
    }

    @ParameterizedTest
    @EnumSource(
            value = Op.class,
            names = {"SELECT", "TRY_SELECT"})
    void aSelectThatIsCutOff(Op op) {
        channel(A, 10);
        channel(B, 10);
        byte[] first = send(A, "x");
        byte[] whole = join(first, receive(A), send(B, "y"));
        for (int length = 0; length < whole.length; length++) {
            if (length != first.length && length != first.length + 12) { // there it is one with fewer operations
                refuses(new Request(op, 1, 0, Arrays.copyOf(whole, length)), "of a select cannot have");
            }
        }
        assertThat(server.waitingNanos()).isZero();
        server.serve(new Request(op, 1, 0, whole));
        assertThat(answer().outcome()).isEqualTo(Outcome.DONE);
    }

    @Test
    void anElementOfAWrongLength() {
        channel(A, 10);
        for (int length : new int[] {Integer.MIN_VALUE, -2, 6, Integer.MAX_VALUE}) {
            byte[] operations = join(send(A, "x"), operation(A, length), new byte[5]);
            refuses(new Request(Op.SELECT, 1, 0, operations), "an element of a select cannot have " + length);
        }
    }

    @Test
    void anElementThatIsNull() {
        Channel<String> a = channel(A, 10);
        server.serve(new Request(Op.TRY_SEND, 1, A, Payload.write(null, Payload.Role.RESULT)));
        assertThatThrownBy(a::tryReceive)
                .isInstanceOf(NotTransferableException.class)
                .hasMessageContaining("element cannot be read")
                .hasMessageContaining("a channel has no null elements");
    }

    @Test
    void askingAgainAndAgainWhyAChannelIsClosedTakesNoMemoryEachTime() {
        Channel<String> a = channel(A, 10);
        a.close(new IllegalStateException("x".repeat(10_000)));
        int requests = 1_000;
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 1; i <= requests; i++) {
            server.serve(new Request(Op.TRY_RECEIVE, i, A, Message.NOTHING));
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(requests * 2_000L);
        assertThat(answers())
                .isNotEmpty()
                .allSatisfy(answer -> assertThat(words(answer)).contains("CLOSED", "xxx"));
    }

    @Test
    void tooManyOperations() {
        Channel<String> a = channel(A, 0);
        byte[] most = new byte[12 * SelectPayload.OPERATIONS_MAX];
        ByteBuffer operations = ByteBuffer.wrap(most);
        while (operations.hasRemaining()) {
            operations.put(receive(A));
        }
        refuses(new Request(Op.SELECT, 1, 0, join(most, receive(A))), "more than 65536 operations");
        select(2, most);
        assertThat(a.trySend("x")).isTrue();
        assertThat(answer().outcome()).isEqualTo(Outcome.DONE);
        assertThat(hasWaiters(a)).isFalse();
    }

    @Test
    void twoRequestsOfOneNumber() {
        Channel<String> a = channel(A, 0);
        channel(B, 10);
        select(1, receive(A));
        for (Op op : new Op[] {Op.SELECT, Op.SEND}) {
            byte[] payload = op == Op.SELECT ? send(B, "x") : element("x");
            refuses(new Request(op, 1, B, payload), "two requests with the number 1");
        }
        server.serve(new Request(Op.TRY_RECEIVE, 1, B, Message.NOTHING));
        assertThat(words(answer())).as("it does not wait").isEqualTo("1 NOT_DONE 0");
        assertThat(a.trySend("x")).isTrue();
        assertThat(words(answer())).as("the first stands").isEqualTo("1 DONE 0 x");
        select(2, receive(A));
        server.serve(new Request(Op.TRY_RECEIVE, 2, B, Message.NOTHING));
        assertThat(words(answer())).isEqualTo("2 NOT_DONE 0");
        server.cancel(2);
        assertThat(words(answer())).isEqualTo("2 NOT_DONE 0");
        assertThat(hasWaiters(a)).isFalse();
    }

    @Test
    void cancelsOfNothing() {
        Channel<String> a = channel(A, 0);
        server.cancel(1);
        select(1, receive(A));
        server.cancel(2);
        server.cancel(-1);
        assertThat(answers()).isEmpty();
        assertThat(a.trySend("x")).isTrue();
        server.cancel(1);
        assertThat(words(answer())).isEqualTo("1 DONE 0 x");
    }

    @Test
    void noiseIsRefusedOrDoneInWhole() {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("HostileRequestTest seed " + seed);
        Random random = new Random(seed);
        channel(A, 1);
        channel(B, 0);
        byte[] whole = join(send(A, "x"), receive(B), send(B, "y"), receive(A));
        int refused = 0;
        for (int request = 1; request <= 20_000; request++) {
            byte[] noise = whole.clone();
            for (int spoilt = random.nextInt(4); spoilt > 0; spoilt--) {
                noise[random.nextInt(noise.length)] = (byte) random.nextInt(256);
            }
            try {
                select(request, noise);
                server.cancel(request);
                assertThat(answer().request()).isEqualTo(request);
            } catch (CorruptFrameException e) {
                refused++;
                assertThat(answers()).isEmpty();
            }
        }
        assertThat(refused).isBetween(1, 19_999);
        server.cancelAll();
        assertThat(channels.values()).noneMatch(ServedRequests::hasWaiters);
    }
}
