package dev.heddle.internal.vthread;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An object whose monitor is an ordinary one is in no lock stack. */
class HeldMonitorsTest {
    private static final int UNTIL_COMPILED = 30_000;

    private final HeldMonitors heldMonitors = new HeldMonitors();

    /** Holds so many monitors more, then pushes all out: {@return the objects} */
    private List<Object> pushed(int more, List<Object> held) {
        if (more == 0) {
            heldMonitors.keep();
            return held;
        }
        Object object = new Object();
        held.add(object);
        synchronized (object) {
            return pushed(more - 1, held);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0", "2, 0", "7, 0", "8, 0", "9, 0", "1, 1", "2, 1", "3, 1", "4, 1", "5, 1", "6, 1", "7, 1", "8, 1", "12, 1"
    })
    void everyMonitorThatIsHeldIsPushedOut(int howMany, int compiled) {
        for (int i = compiled * UNTIL_COMPILED; i > 0; i--) {
            heldMonitors.keep();
        }
        for (int round = 0; round < 200; round++) {
            assertThat(pushed(howMany, new ArrayList<>()))
                    .hasSize(howMany)
                    .allMatch(HeldMonitors.Header::isOfOrdinaryMonitor, "is an ordinary monitor");
        }
    }

    @Test
    void aMonitorThatIsEnteredTwiceIsPushedOutAndStaysEntered() throws InterruptedException {
        Object object = new Object();
        synchronized (object) {
            synchronized (object) {
                heldMonitors.keep();
                assertThat(HeldMonitors.Header.isOfOrdinaryMonitor(object)).isTrue();
            }
            AtomicBoolean entered = new AtomicBoolean();
            Thread other = Thread.ofPlatform().daemon().start(() -> {
                synchronized (object) {
                    entered.set(true);
                    object.notifyAll();
                }
            });
            assertThat(Thread.holdsLock(object)).isTrue();
            while (!entered.get()) {
                object.wait(); // the other can only enter while this one waits
            }
            other.join();
        }
    }

    @Test
    void aMonitorThatNobodyHoldsIsNoOrdinaryOne() {
        Object object = new Object();
        assertThat(HeldMonitors.Header.isOfOrdinaryMonitor(object)).isFalse();
        synchronized (object) {
            assertThat(HeldMonitors.Header.isOfOrdinaryMonitor(object)).isFalse();
        }
    }
}
