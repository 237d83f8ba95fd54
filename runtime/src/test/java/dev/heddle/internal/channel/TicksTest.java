package dev.heddle.internal.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Select;
import dev.heddle.internal.vthread.VirtualThreads;
import dev.heddle.testing.HeddleTest;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A ticker lives as long as somebody has it, or waits at it. */
class TicksTest extends HeddleTest {
    private static final Duration SOON = Duration.ofMillis(2);

    /** Later than the garbage collector finds a channel, if it does. */
    private static final Duration LATER = Duration.ofSeconds(2);

    @Test
    void aTickerThatNobodyHasAnyMoreStops() {
        assertThatIsCollected(forgottenTicker());
        eventually("there is no timer", () -> !VirtualThreads.anyTimer());
    }

    /** In a method of its own, so that no frame of the test's holds the ticker. */
    private static WeakReference<Channel<Instant>> forgottenTicker() {
        Channel<Instant> ticker = Channel.every(SOON);
        eventually("it ticks", () -> ticker.size() == 1);
        return new WeakReference<>(ticker);
    }

    @Test
    void aTickerThatWasClosedStops() {
        Channel<Instant> ticker = Channel.every(SOON);
        eventually("it ticks", () -> ticker.size() == 1);
        ticker.close();
        eventually("there is no timer", () -> !VirtualThreads.anyTimer());
        assertThat(ticker.size()).as("the tick that was there").isEqualTo(1);
    }

    @Test
    void aDelayThatIsNotWaitedForLeavesNoTimer() {
        Channel<Instant> after = Channel.after(Duration.ofDays(1_000_000));
        assertThat(VirtualThreads.anyTimer()).isTrue();
        after.close();
        eventually("there is no timer", () -> !VirtualThreads.anyTimer());
    }

    @Test
    void aChannelThatNobodyHasAnyMoreIsCollectedBeforeItsTime() {
        assertThatIsCollected(new WeakReference<>(Channel.after(LATER)));
    }

    private static void assertThatIsCollected(WeakReference<Channel<Instant>> forgotten) {
        eventually("it is collected", () -> {
            System.gc();
            return forgotten.get() == null;
        });
    }

    /** To find out what can be reached, a dump forgets tasks that wait for as long as a collection takes. */
    @Test
    void whoeverWaitsHasTheTicker() {
        AtomicInteger received = new AtomicInteger();
        AtomicInteger selected = new AtomicInteger();
        try (Heddle heddle = Heddle.open(Model.GREEN)) {
            try {
                heddle.start(() -> {
                    for (Channel<Instant> ticker = Channel.every(SHORT); ; received.incrementAndGet()) {
                        ticker.receive();
                    }
                });
                heddle.start(() -> {
                    Channel<Instant> ticker = Channel.every(SHORT);
                    Select<Integer> next = new Select<Integer>().receive(ticker, tick -> selected.incrementAndGet());
                    while (true) {
                        next.await();
                    }
                });
                for (int dumps = 1; dumps <= 3; dumps++) {
                    int receivedBefore = received.get();
                    int selectedBefore = selected.get();
                    eventually("both wait", () -> heddle.stats().parked() == 2);
                    assertThat(heddle.dump()).doesNotContain("that nothing can wake any more, since");
                    eventually(
                            "they tick on after dump " + dumps,
                            () -> received.get() > receivedBefore && selected.get() > selectedBefore);
                }
            } finally {
                heddle.shutdownNow();
            }
        }
    }
}
