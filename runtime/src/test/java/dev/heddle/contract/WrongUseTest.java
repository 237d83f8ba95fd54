package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Action;
import dev.heddle.Channel;
import dev.heddle.Job;
import dev.heddle.NotTransferableException;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Wrong use gets a sentence, at once, where the mistake is. */
class WrongUseTest extends ContractTest {
    @Test
    void aNegativeCapacity() {
        assertThatThrownBy(() -> heddle().channel(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("channel(-1)")
                .hasMessageContaining("0");
    }

    @Test
    void nullElements() {
        Channel<Integer> channel = heddle().channel(1);
        assertThatNullPointerException().isThrownBy(() -> channel.send(null)).withMessageContaining("null elements");
        assertThatNullPointerException().isThrownBy(() -> channel.send(null, SHORT));
        assertThatNullPointerException().isThrownBy(() -> channel.trySend(null));
    }

    @Test
    void nullJobs() {
        assertThatNullPointerException()
                .isThrownBy(() -> heddle().start((Job<?>) null))
                .withMessageContaining("job");
        assertThatNullPointerException()
                .isThrownBy(() -> heddle().start((Action) null))
                .withMessageContaining("action");
        assertThatNullPointerException().isThrownBy(() -> heddle().submit((Callable<?>) null));
        assertThatNullPointerException().isThrownBy(() -> heddle().execute(null));
    }

    /** Not serializable. */
    private static final class Connection {
        int read() {
            return 7;
        }
    }

    @Test
    void aJobThatCapturesWhatCannotCross() throws Exception {
        Connection connection = new Connection();
        if (exempt(Exemption.JOBS_MUST_BE_SERIALIZABLE)) {
            assertThatThrownBy(() -> heddle().start(() -> connection.read()))
                    .isInstanceOf(NotTransferableException.class)
                    .hasMessageContaining(Connection.class.getName())
                    .hasMessageContaining("not Serializable")
                    .hasMessageContaining("open it inside the job");
        } else {
            assertThat(heddle().start(() -> connection.read()).join()).isEqualTo(7);
        }
    }

    @Test
    void anElementThatCannotCross() throws Exception {
        Channel<Connection> channel = heddle().channel(1);
        if (exempt(Exemption.JOBS_MUST_BE_SERIALIZABLE)) {
            assertThatThrownBy(() -> channel.send(new Connection()))
                    .isInstanceOf(NotTransferableException.class)
                    .hasMessageContaining(Connection.class.getName());
        } else {
            channel.send(new Connection());
            assertThat(channel.receive().read()).isEqualTo(7);
        }
    }
}
