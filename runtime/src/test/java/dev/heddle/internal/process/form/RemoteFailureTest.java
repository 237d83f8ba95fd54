package dev.heddle.internal.process.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.TaskFailedException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Exceptions come back from a worker as they are, or described, and never vanish. */
@SuppressWarnings("serial") // a job here may name what only this package sees
class RemoteFailureTest {
    private static Heddle heddle;

    static final class OddException extends Exception {
        private static final long serialVersionUID = 1L;
        private final Object thread = Thread.currentThread();

        OddException(String message, Throwable cause) {
            super(message, cause);
        }

        Object thread() {
            return thread;
        }
    }

    /** Can be written, and refuses to be read. */
    static final class Unreadable implements Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) throws IOException {
            throw new IOException("no");
        }
    }

    static final class UnreadableException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final Unreadable part = new Unreadable();

        UnreadableException(String message) {
            super(message);
        }

        Object part() {
            return part;
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

    private static Throwable failureOf(Action action) {
        Throwable thrown = catchThrowable(() -> heddle.start(action).join());
        assertThat(thrown).isInstanceOf(TaskFailedException.class);
        return thrown.getCause();
    }

    private static void thrower() throws IOException {
        throw new NoSuchFileException("/a/b");
    }

    @Test
    void keepsItsClassAndRemoteStackTrace() {
        Throwable failure = failureOf(RemoteFailureTest::thrower);
        assertThat(failure).isInstanceOf(NoSuchFileException.class).hasMessage("/a/b");
        assertThat(failure.getStackTrace()[0].getMethodName()).isEqualTo("thrower");
        assertThat(failure.getSuppressed())
                .singleElement()
                .satisfies(origin -> assertThat(origin)
                        .hasMessageMatching(
                                "thrown by task \\d+ of heddle \\S+ in \\S+-worker-\\d+ \\(process \\d+\\)"));
    }

    @Test
    void anErrorIsAFailureLikeAnyOther() {
        assertThat(failureOf(() -> {
                    throw new StackOverflowError("deep");
                }))
                .isInstanceOf(StackOverflowError.class)
                .hasMessage("deep");
        assertThat(failureOf(() -> recurse(0))).isInstanceOf(StackOverflowError.class);
    }

    private static int recurse(int n) {
        return n < 0 ? n : recurse(n + 1) + recurse(n + 2);
    }

    @Test
    void oneThatCannotBeWrittenIsDescribed() {
        Throwable failure = failureOf(() -> {
            throw new OddException("odd", new IllegalStateException("because"));
        });
        assertThat(failure)
                .hasMessageContaining(OddException.class.getName() + ": odd")
                .hasMessageContaining("failure holds java.lang.Thread thread, which is not Serializable");
        assertThat(failure.getStackTrace()[0].getClassName())
                .startsWith(getClass().getName());
        assertThat(failure.getCause()).isInstanceOf(IllegalStateException.class).hasMessage("because");
    }

    @Test
    void oneThatHoldsSuchAsItsCauseIsDescribedToo() {
        Throwable failure = failureOf(() -> {
            throw new IllegalStateException("outer", new OddException("inner", null));
        });
        assertThat(failure).hasMessageContaining("java.lang.IllegalStateException: outer");
        assertThat(failure.getCause()).hasMessageContaining(OddException.class.getName() + ": inner");
    }

    @Test
    void oneThatCannotBeReadIsDescribed() {
        Throwable failure = failureOf(() -> {
            throw new UnreadableException("unread");
        });
        assertThat(failure)
                .hasMessageContaining(UnreadableException.class.getName() + ": unread")
                .hasMessageContaining("java.io.IOException: no");
    }

    @Test
    void bytesThatMakeNoSenseAreAFailureAsWell() {
        byte[] good = RemoteFailure.write(new IllegalStateException("x"));
        for (byte[] bytes : new byte[][] {
            {}, {1, 2}, ByteBuffer.allocate(4).putInt(-5).array(), Arrays.copyOf(good, good.length - 3)
        }) {
            assertThat(RemoteFailure.read(bytes, false, "origin")).isInstanceOf(RemoteFailure.class);
        }
    }
}
