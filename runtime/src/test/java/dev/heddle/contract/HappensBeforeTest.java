package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Task;
import org.junit.jupiter.api.Test;

/** What one did before a start, a send or its end is seen by whoever comes after; the fields here are plain. */
class HappensBeforeTest extends ContractTest {
    private static final int ROUNDS = 2_000;

    private static final class Box implements java.io.Serializable {
        private static final long serialVersionUID = 1L;
        int content;
    }

    @Test
    void aJobSeesWhatWasDoneBeforeItsStartAndTheJoinerWhatItDid() throws Exception {
        Heddle heddle = heddle();
        for (int i = 1; i <= 50; i++) {
            Box box = new Box();
            box.content = i;
            Box after = heddle.start(() -> {
                        box.content++;
                        return box;
                    })
                    .join();
            assertThat(after.content).isEqualTo(i + 1);
        }
    }

    @Test
    void aReceiverSeesWhatWasDoneBeforeTheSend() throws Exception {
        Heddle heddle = heddle();
        Channel<Box> boxes = heddle.channel(4);
        Task<Long> receiver = heddle.start(() -> {
            long sum = 0;
            for (Box box : boxes) {
                sum += box.content;
            }
            return sum;
        });
        Task<?> sender = heddle.start(() -> {
            for (int i = 1; i <= ROUNDS; i++) {
                Box box = new Box();
                box.content = i;
                boxes.send(box);
            }
            boxes.close();
        });
        assertThat(receiver.join()).isEqualTo((long) ROUNDS * (ROUNDS + 1) / 2);
        sender.join();
    }

    @Test
    void aRendezvousGuardsDataThatIsHandedToAndFro() throws Exception {
        Heddle heddle = heddle();
        Channel<Box> there = heddle.channel(0);
        Channel<Box> back = heddle.channel(0);
        Task<?> partner = heddle.start(() -> {
            for (Box box : there) {
                box.content++;
                back.send(box);
            }
        });
        Box box = new Box();
        for (int i = 0; i < ROUNDS; i++) {
            box.content++;
            there.send(box);
            box = back.receive();
        }
        there.close();
        partner.join();
        assertThat(box.content).isEqualTo(2 * ROUNDS);
    }
}
