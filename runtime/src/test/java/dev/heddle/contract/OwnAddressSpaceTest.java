package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Task;
import org.junit.jupiter.api.Test;

/** A task has memory of its own: what it is given, and what it gives, is a copy. */
class OwnAddressSpaceTest extends ContractTest {
    private static int field;

    @Test
    void aStaticFieldThatATaskWritesIsItsOwn() throws Exception {
        field = 1;
        long pid = heddle().start(() -> {
                    field = 2;
                    return ProcessHandle.current().pid();
                })
                .join();
        if (exempt(Exemption.SHARED_MEMORY)) {
            assertThat(field).isEqualTo(2);
            assertThat(pid).isEqualTo(ProcessHandle.current().pid());
        } else {
            assertThat(field).isEqualTo(1);
            assertThat(pid).isNotEqualTo(ProcessHandle.current().pid());
        }
    }

    @Test
    void whatAJobCapturesIsItsOwn() throws Exception {
        int[] captured = {1};
        heddle().start(() -> {
                    captured[0] = 2;
                })
                .join();
        assertThat(captured[0]).isEqualTo(exempt(Exemption.SHARED_MEMORY) ? 2 : 1);
    }

    @Test
    void anElementIsCopiedWhenItIsSent() throws Exception {
        Heddle heddle = heddle();
        Channel<int[]> elements = heddle.channel(0);
        Channel<Integer> changed = heddle.channel(0);
        Task<Integer> receiver = heddle.start(() -> {
            int[] element = elements.receive();
            changed.receive();
            return element[0];
        });
        int[] element = {1};
        elements.send(element);
        element[0] = 2;
        changed.send(1);
        assertThat(receiver.join()).isEqualTo(exempt(Exemption.SHARED_MEMORY) ? 2 : 1);
    }

    @Test
    void anElementFromATaskIsACopyOfItsOwn() throws Exception {
        Heddle heddle = heddle();
        Channel<int[]> elements = heddle.channel(0);
        Channel<Integer> changed = heddle.channel(0);
        Task<Integer> sender = heddle.start(() -> {
            int[] element = {1};
            elements.send(element);
            changed.receive();
            return element[0];
        });
        elements.receive()[0] = 2;
        changed.send(1);
        assertThat(sender.join()).isEqualTo(exempt(Exemption.SHARED_MEMORY) ? 2 : 1);
    }
}
