package dev.heddle.internal.process.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Job;
import dev.heddle.Model;
import dev.heddle.NotTransferableException;
import dev.heddle.TaskFailedException;
import dev.heddle.internal.process.ProcessHeddle;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What cannot cross to another process is named, with where it is and what to do. */
@SuppressWarnings("serial") // a job here may name what only this package sees
class NotTransferableTest {
    private static Heddle heddle;

    private final Conn field = new Conn();

    /** Not serializable. */
    static final class Conn {
        int port() {
            return 1;
        }
    }

    record Pool(String name, Conn conn) implements Serializable {}

    record Service(List<Pool> pools) implements Serializable {}

    static final class NamedJob implements Job<Integer> {
        private static final long serialVersionUID = 1L;
        private final Pool pool = new Pool("p", new Conn());

        @Override
        public Integer call() {
            return pool.conn().port();
        }
    }

    @BeforeAll
    static void open() {
        heddle = Heddle.builder(Model.PROCESS).processors(1).open();
    }

    @AfterAll
    static void close() {
        heddle.close();
    }

    private static void assertSentence(ThrowingCallable call, String sentence) {
        assertThatThrownBy(call).isInstanceOf(NotTransferableException.class).hasMessage(sentence);
    }

    private static final String CONN = Conn.class.getName();
    private static final String MEND = ", which is not Serializable: open it inside the job, or use Model.THREAD";

    @Test
    void aCapturedVariable() {
        long first = 1;
        Conn conn = new Conn();
        assertSentence(() -> heddle.start(() -> first + conn.port()), "job captures " + CONN + " conn" + MEND);
        assertSentence(
                () -> heddle.start(() -> {
                    conn.port();
                }),
                "job captures " + CONN + " conn" + MEND);
    }

    @Test
    void theEnclosingObject() {
        assertSentence(
                () -> heddle.start(() -> field.port()),
                "job uses a field or method of its enclosing object, a "
                        + getClass().getName()
                        + ", which is not Serializable: copy what it needs into local variables first, or use"
                        + " Model.THREAD");
    }

    @Test
    void aMethodReferencesReceiver() {
        assertSentence(() -> heddle.start(new Conn()::port), "job captures " + CONN + " receiver" + MEND);
    }

    @Test
    void whatACapturedVariableHolds() {
        Pool pool = new Pool("p", new Conn());
        assertSentence(() -> heddle.start(() -> pool.name()), "job captures " + CONN + " at job.pool.conn" + MEND);
        Service service = new Service(List.of(new Pool("q", new Conn())));
        assertSentence(
                () -> heddle.start(() -> service.pools().size()),
                "job captures " + CONN + " at job.service.pools[0].conn" + MEND);
        HashMap<String, Object> map = new HashMap<>(Map.of("key", new Object[] {1, new Conn()}));
        assertSentence(() -> heddle.start(() -> map.size()), "job captures " + CONN + " at job.map[key][1]" + MEND);
    }

    @Test
    void whatAJobOfANamedClassHolds() {
        assertSentence(() -> heddle.start(new NamedJob()), "job captures " + CONN + " at job.pool.conn" + MEND);
    }

    @Test
    void theJobItself() {
        String mend =
                ", which is not Serializable: make it a dev.heddle.Job or Action and pass it to start(...), or use"
                        + " Model.THREAD";
        assertSentence(() -> heddle.execute(() -> {}), "job is a lambda made for java.lang.Runnable" + mend);
        assertSentence(() -> heddle.submit(() -> 1), "job is a lambda made for java.util.concurrent.Callable" + mend);
        assertSentence(
                () -> CompletableFuture.supplyAsync(() -> 1, heddle),
                "job is a java.util.concurrent.CompletableFuture$AsyncSupply and holds"
                        + " java.util.concurrent.CompletableFuture" + mend);
    }

    @Test
    void theHeddle() {
        Heddle h = heddle;
        assertSentence(
                () -> heddle.start(() -> h.name()), "job captures " + ProcessHeddle.class.getName() + " h" + MEND);
    }

    @Test
    void aChannelOfAnotherModel() {
        try (Heddle threads = Heddle.open(Model.THREAD)) {
            Channel<String> channel = threads.channel(1);
            assertThatThrownBy(() -> heddle.start(() -> channel.receive()))
                    .isInstanceOf(NotTransferableException.class)
                    .hasMessageContaining("a channel that was not made by the PROCESS heddle it is used in");
        }
    }

    @Test
    void aChannelOfAnotherHeddle() {
        try (Heddle other = Heddle.builder(Model.PROCESS).processors(1).open()) {
            Channel<String> channel = other.channel(1);
            assertThatThrownBy(() -> heddle.start(() -> channel.receive()).join())
                    .isInstanceOf(TaskFailedException.class)
                    .hasMessageContaining("make one with channel(capacity) of the heddle that the job is started on");
        }
    }

    @Test
    void anElement() {
        Channel<Object> channel = heddle.channel(1);
        Object element = new Pool("p", new Conn());
        String sentence = "element holds " + CONN + " conn, which is not Serializable: send what it is made of instead,"
                + " or use Model.THREAD";
        assertSentence(() -> channel.send(element), sentence);
        assertSentence(() -> channel.trySend(element), sentence);
        assertThatThrownBy(() -> heddle.start(() -> channel.send(new Conn())).join())
                .cause()
                .isInstanceOf(NotTransferableException.class)
                .hasMessageStartingWith("element is a " + CONN + ", which is not Serializable");
    }

    @Test
    void aResult() {
        assertThatThrownBy(() -> heddle.start(() -> List.of(new Conn())).join())
                .cause()
                .isInstanceOf(NotTransferableException.class)
                .hasMessageContaining("result holds " + CONN + " element [0], which is not Serializable");
    }

    @Test
    void nothingIsLeftOfAJobThatWasTurnedDown() throws Exception {
        Conn conn = new Conn();
        assertThatThrownBy(() -> heddle.start(() -> conn.port())).isInstanceOf(NotTransferableException.class);
        assertThat(heddle.start(() -> "alive").join()).isEqualTo("alive");
        assertThat(heddle.stats().runnable()).isZero();
    }
}
