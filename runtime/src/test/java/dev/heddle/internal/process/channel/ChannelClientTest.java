package dev.heddle.internal.process.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.NotTransferableException;
import dev.heddle.Overflow;
import dev.heddle.Select;
import dev.heddle.internal.channel.Selectable.Operation;
import dev.heddle.internal.process.form.ChannelHandle;
import dev.heddle.internal.process.form.Payload;
import dev.heddle.internal.process.form.Payload.Role;
import dev.heddle.internal.process.link.Doorbell;
import dev.heddle.internal.process.link.Link;
import dev.heddle.internal.process.link.Message;
import dev.heddle.internal.process.link.Message.Cancel;
import dev.heddle.internal.process.link.Message.Op;
import dev.heddle.internal.process.link.Message.Outcome;
import dev.heddle.internal.process.link.Message.Reply;
import dev.heddle.internal.process.link.Message.Request;
import dev.heddle.testing.HeddleTest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The worker's side of channel operations, where the test is the parent and answers as late as it likes. */
class ChannelClientTest extends HeddleTest {
    private final MemorySegment memory = Arena.ofAuto().allocate(Link.bytes(), 4096);
    private final Link parent = new Link(memory, true, Doorbell.Kind.POLLING);
    private final Link worker = new Link(memory, false, Doorbell.Kind.POLLING);
    private final ChannelClient client = new ChannelClient(worker);
    private final RemoteChannel<String> a = channel(1, Overflow.BLOCK);
    private final RemoteChannel<String> b = channel(2, Overflow.DROP_NEWEST);

    private final BlockingQueue<String> results = new LinkedBlockingQueue<>();
    private final Deque<Message> asked = new ArrayDeque<>();
    private Thread asker;

    private RemoteChannel<String> channel(long number, Overflow overflow) {
        return new RemoteChannel<>(new ChannelHandle(ChannelHandle.Kind.CHANNEL, 0, number, 1, overflow), client);
    }

    @BeforeEach
    void interruptsAreTheTestsOnly() {
        Thread.interrupted();
    }

    /** Asks in a thread of its own; the result ends with "interrupted" if that is still to be seen. */
    private void ask(Code code) {
        asker = spawn(() -> {
            try {
                code.run();
            } catch (InterruptedException e) {
                results.add("InterruptedException");
            }
            if (Thread.interrupted()) {
                results.add("interrupted");
            }
        });
    }

    private <M extends Message> M next(Class<M> type) {
        eventually(type.getSimpleName() + " has come", () -> {
            parent.begin(asked::add);
            parent.serve();
            return !asked.isEmpty();
        });
        return type.cast(asked.remove());
    }

    private void answer(Request request, Outcome outcome, int number, byte[] payload) {
        parent.send(new Reply(request.request(), outcome, number, payload));
        worker.begin(message -> client.answered((Reply) message));
        worker.serve();
    }

    private Select<String> select() {
        return new Select<String>()
                .receive(a, x -> "got " + x, cause -> "closed by " + cause)
                .send(b, () -> "mine", () -> "sent");
    }

    @Test
    void aSelectIsOneRequest() throws Exception {
        ask(() -> results.add(select().await()));
        Request request = next(Request.class);
        assertThat(request.op()).isEqualTo(Op.SELECT);
        List<Operation> operations =
                SelectPayload.read(request.payload(), number -> number == 1 ? a : number == 2 ? b : null);
        assertThat(operations).extracting(Operation::channel).containsExactly(a, b);
        assertThat(operations.get(0).element()).isNull();
        assertThat(Payload.read((byte[]) operations.get(1).element(), Role.ELEMENT, true))
                .isEqualTo("mine");
        answer(request, Outcome.DONE, 0, Payload.write("theirs", Role.ELEMENT));
        assertThat(results.take()).isEqualTo("got theirs");
    }

    @Test
    void theOtherOutcomesOfASelect() throws Exception {
        ask(() -> {
            results.add(select().await());
            results.add(select().await());
            results.add(select().await());
        });
        answer(next(Request.class), Outcome.DONE, 1, Message.NOTHING);
        assertThat(results.take()).isEqualTo("sent");
        answer(next(Request.class), Outcome.DROPPED, 1, Message.NOTHING);
        assertThat(results.take()).isEqualTo("sent");
        answer(next(Request.class), Outcome.CLOSED, 0, Message.NOTHING);
        assertThat(results.take()).isEqualTo("closed by null");
    }

    @Test
    void otherwiseAsksOnce() throws Exception {
        ask(() -> results.add(select().otherwise(() -> "nothing").await()));
        Request request = next(Request.class);
        assertThat(request.op()).isEqualTo(Op.TRY_SELECT);
        answer(request, Outcome.NOT_DONE, 0, Message.NOTHING);
        assertThat(results.take()).isEqualTo("nothing");
        assertThat(asked).isEmpty();
    }

    @Test
    void aTimeOutIsTheParentsToDecide() throws Exception {
        for (Outcome outcome : new Outcome[] {Outcome.NOT_DONE, Outcome.DONE}) {
            ask(() -> results.add(
                    select().timeout(Duration.ofMillis(1), () -> "late").await()));
            Request request = next(Request.class);
            assertThat(next(Cancel.class).request()).isEqualTo(request.request());
            assertThat(results).as("it waits for the answer").isEmpty();
            answer(request, outcome, 1, Message.NOTHING);
            assertThat(results.take()).isEqualTo(outcome == Outcome.DONE ? "sent" : "late");
        }
    }

    @Test
    void anInterruptIsTheParentsToDecide() throws Exception {
        for (Outcome outcome : EnumSet.complementOf(EnumSet.of(Outcome.CREDIT, Outcome.AHEAD))) {
            ask(() -> results.add(select().await()));
            Request request = next(Request.class);
            asker.interrupt();
            assertThat(next(Cancel.class).request()).isEqualTo(request.request());
            answer(request, outcome, outcome == Outcome.CLOSED ? 0 : 1, Message.NOTHING);
            if (outcome == Outcome.NOT_DONE) {
                assertThat(results.take()).isEqualTo("InterruptedException");
            } else {
                assertThat(results.take()).isEqualTo(outcome == Outcome.CLOSED ? "closed by null" : "sent");
                assertThat(results.take()).isEqualTo("interrupted");
            }
        }
    }

    @Test
    void aSendThatDroppedStandsAgainstAnInterrupt() throws Exception {
        ask(() -> results.add("sent: " + b.send("x", LONG)));
        Request request = next(Request.class);
        asker.interrupt();
        next(Cancel.class);
        answer(request, Outcome.DROPPED, 0, Message.NOTHING);
        assertThat(results.take()).isEqualTo("sent: false");
        assertThat(results.take()).isEqualTo("interrupted");
    }

    @Test
    void tooManyClausesAreNamed() {
        List<Operation> most = Collections.nCopies(SelectPayload.OPERATIONS_MAX, new Operation(a, null));
        assertThat(SelectPayload.read(SelectPayload.write(most), number -> a)).isEqualTo(most);
        Select<String> select = new Select<>();
        for (int i = 0; i <= SelectPayload.OPERATIONS_MAX; i++) {
            select.receive(a, x -> x);
        }
        assertThatThrownBy(select::await)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 65536 clauses, and this one has 65537");
        parent.begin(asked::add);
        parent.serve();
        assertThat(asked).isEmpty();
    }

    @Test
    void elementsMayBeTooLongTogether() {
        byte[] element = new byte[Message.MAX_PAYLOAD / 16];
        List<Operation> operations = Collections.nCopies(16, new Operation(a, element));
        assertThatThrownBy(() -> SelectPayload.write(operations))
                .isInstanceOf(NotTransferableException.class)
                .hasMessageContaining("the elements of a select take 1073742016 bytes together");
    }

    @Test
    void sizeIsTheNumberOfTheAnswer() throws Exception {
        ask(() -> results.add("size " + a.size()));
        Request request = next(Request.class);
        assertThat(request.op()).isEqualTo(Op.SIZE);
        answer(request, Outcome.DONE, 123_456_789, Message.NOTHING);
        assertThat(results.take()).isEqualTo("size 123456789");
    }
}
