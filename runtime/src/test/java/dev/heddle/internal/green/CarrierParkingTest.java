package dev.heddle.internal.green;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.internal.Parker;
import dev.heddle.internal.Seams;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A carrier that looks for work itself and one that is given some come to the same answer. */
class CarrierParkingTest extends GreenTest {
    private final Processor given = new Processor(1, 4, Parker.THREAD);
    private Carrier carrier;

    @BeforeEach
    void aCarrierWithoutAProcessor() {
        carrier = new Carrier(
                1, new GreenScheduler("parking", Seams.SYSTEM, 1), Seams.SYSTEM, new Processor(0, 4, Parker.THREAD));
        carrier.processor = null;
        carrier.announceIdle();
    }

    @Test
    void whoGivesUpWaitingCannotBeGivenAProcessor() {
        assertThat(carrier.cancelIdle()).isTrue();
        assertThat(carrier.give(given)).isFalse();
        assertThat(carrier.processor).isNull();
    }

    @Test
    void whoWasGivenAProcessorCannotGiveUpWaitingAndHasIt() {
        assertThat(carrier.give(given)).isTrue();
        assertThat(carrier.cancelIdle()).isFalse();
        assertThat(carrier.processor).isSameAs(given);
    }

    @Test
    void aProcessorComesWithTheWishToSearch() {
        given.forSearch = true;
        assertThat(carrier.give(given)).isTrue();
        assertThat(carrier.awaitProcessor(TimeUnit.DAYS.toNanos(1))).isTrue();
        assertThat(carrier.processor).isSameAs(given);
        assertThat(carrier.searching).isTrue();
    }

    @Test
    void whoHasRetiredCannotBeGivenAProcessor() {
        assertThat(carrier.awaitProcessor(1)).isFalse();
        assertThat(carrier.give(given)).isFalse();
    }
}
