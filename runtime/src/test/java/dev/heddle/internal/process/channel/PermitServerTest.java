package dev.heddle.internal.process.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Acquired;
import dev.heddle.internal.permit.LocalPermits;
import dev.heddle.internal.process.link.CorruptFrameException;
import dev.heddle.internal.process.link.Doorbell;
import dev.heddle.internal.process.link.Link;
import dev.heddle.internal.process.link.Message;
import dev.heddle.internal.process.link.Message.Op;
import dev.heddle.internal.process.link.Message.Reply;
import dev.heddle.internal.process.link.Message.Request;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a worker asks for permits is answered once, and checked. */
class PermitServerTest {
    private static final long NUMBER = 5;

    private final MemorySegment memory = Arena.ofAuto().allocate(Link.bytes(), 4096);
    private final Link worker = new Link(memory, false, Doorbell.Kind.POLLING);
    private final Link parent = new Link(memory, true, Doorbell.Kind.POLLING);
    private final LocalPermits permits = new LocalPermits("semaphore", 2, id -> "thread " + id);
    private final PermitServer server =
            new PermitServer(parent, number -> number == NUMBER ? permits.queue() : null, "worker");

    private void ask(Op op, long request, int n) {
        server.serve(new Request(op, request, NUMBER, PermitServer.payload(n)));
    }

    private List<String> answers() {
        List<String> answers = new ArrayList<>();
        worker.begin(message -> {
            Reply reply = (Reply) message;
            answers.add(reply.request() + " " + PermitServer.acquired(reply));
        });
        worker.serve();
        return answers;
    }

    @Test
    void requestsAreAnsweredWhenTheyAreDone() {
        ask(Op.ACQUIRE, 1, 2);
        ask(Op.ACQUIRE, 2, 1);
        ask(Op.TRY_ACQUIRE, 3, 1);
        assertThat(answers()).containsExactly("1 CLEANLY", "3 NOT");
        assertThat(server.waitingNanos()).isPositive();
        ask(Op.RELEASE, 4, 1);
        assertThat(answers()).containsExactly("2 CLEANLY", "4 CLEANLY");
        assertThat(server.waitingNanos()).isZero();
        ask(Op.ACQUIRE, 5, 1);
        server.cancel(5);
        server.cancel(5);
        server.cancel(99);
        assertThat(answers()).containsExactly("5 NOT");
        ask(Op.ABANDON, 6, 1);
        ask(Op.TRY_ACQUIRE, 7, 1);
        assertThat(answers()).containsExactly("6 CLEANLY", "7 AFTER_DEATH");
    }

    @Test
    void theBurialGivesBackAllAndTakesOutWhatWaits() {
        ask(Op.ACQUIRE, 1, 1);
        ask(Op.ACQUIRE, 2, 1);
        ask(Op.ACQUIRE, 3, 1);
        server.buried();
        PermitServer next = new PermitServer(parent, number -> permits.queue(), "next worker");
        answers();
        next.serve(new Request(Op.TRY_ACQUIRE, 4, NUMBER, PermitServer.payload(2)));
        assertThat(answers()).containsExactly("4 " + Acquired.AFTER_DEATH);
    }

    @ParameterizedTest
    @EnumSource(names = {"RELEASE", "ABANDON"})
    void whatItDoesNotHoldItCannotGiveBack(Op op) {
        ask(Op.ACQUIRE, 1, 1);
        assertThatThrownBy(() -> ask(op, 2, 2))
                .isInstanceOf(CorruptFrameException.class)
                .hasMessageContaining("it gave back 2 permits and had 1");
        ask(op, 3, 1);
        assertThatThrownBy(() -> ask(op, 4, 1)).isInstanceOf(CorruptFrameException.class);
    }

    @Test
    void whatMakesNoSenseIsCorrupt() {
        for (int n : new int[] {0, -1, 3}) {
            assertThatThrownBy(() -> ask(Op.ACQUIRE, 1, n)).isInstanceOf(CorruptFrameException.class);
        }
        assertThatThrownBy(() -> server.serve(new Request(Op.ACQUIRE, 1, 6, PermitServer.payload(1))))
                .isInstanceOf(CorruptFrameException.class)
                .hasMessageContaining("permits 6, which it was never given");
        assertThatThrownBy(() -> server.serve(new Request(Op.ACQUIRE, 1, NUMBER, new byte[3])))
                .isInstanceOf(CorruptFrameException.class);
        assertThatThrownBy(() -> Message.checkHeader(48, 5, false)).isInstanceOf(CorruptFrameException.class);
        ask(Op.ACQUIRE, 1, 2);
        ask(Op.ACQUIRE, 2, 1);
        assertThatThrownBy(() -> ask(Op.ACQUIRE, 2, 1))
                .isInstanceOf(CorruptFrameException.class)
                .hasMessageContaining("two requests with the number 2");
    }
}
