package dev.heddle.internal.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.testing.HeddleTest;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class FlightTraceTest extends HeddleTest {
    /**
     * Threads write numbers one after the other, each with its square, into so little memory that all is overwritten again and
     * again, while another reads. No event may be torn, and of each thread nothing may be missing after the horizon.
     */
    @Test
    void aReaderSeesWholeEventsAndNoneIsMissing() throws Exception {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        FlightTrace trace = new FlightTrace(1 << 20);
        AtomicBoolean over = new AtomicBoolean();
        int writers = 3;
        for (int w = 0; w < writers; w++) {
            long who = w;
            int burst = random.nextInt(1, 5_000);
            spawn(() -> {
                for (long n = 1; !over.get(); n++) {
                    trace.record(Trace.Event.SEND, (n << 8) | who, n * n);
                    if (n % burst == 0) {
                        LockSupport.parkNanos(10_000);
                    }
                }
            });
        }
        int events = 0;
        try {
            for (int round = 0; round < 200 || events == 0; round++) {
                events = read(trace, "seed " + seed + ", round " + round);
            }
        } finally {
            over.set(true);
        }
        assertThat(trace.snapshot().lost()).as("seed %d", seed).isPositive();
    }

    /** Only what comes right after may do without the clock: anything else would be as early as whatever was recorded last. */
    @Test
    void anEventHasTheTimeOfTheOneBeforeOnlyIfThatIsTheLast() {
        FlightTrace trace = new FlightTrace(1 << 20);
        trace.record(Trace.Event.WAKE, 1, 0);
        trace.recordAfter(Trace.Event.WAKE, Trace.Event.SEND, 2, 0);
        awaitTick();
        trace.recordAfter(Trace.Event.WAKE, Trace.Event.RECEIVE, 3, 0);
        Trace mine = trace.ofThisThread();
        awaitTick();
        mine.record(Trace.Event.UNMOUNT, 4, 0);
        mine.recordAfter(Trace.Event.UNMOUNT, Trace.Event.MOUNT, 5, 0);

        long[] words = trace.snapshot().runs().getFirst();
        assertThat(words).hasSize(5 * FlightTrace.WORDS);
        assertThat(nanos(words, 1)).isEqualTo(nanos(words, 0));
        assertThat(nanos(words, 2)).isGreaterThan(nanos(words, 1));
        assertThat(nanos(words, 3)).isGreaterThan(nanos(words, 2));
        assertThat(nanos(words, 4)).isEqualTo(nanos(words, 3));
    }

    private static void awaitTick() {
        long before = System.nanoTime();
        while (System.nanoTime() == before) {
            Thread.onSpinWait();
        }
    }

    private static long nanos(long[] words, int event) {
        return FlightTrace.nanos(words[event * FlightTrace.WORDS]);
    }

    private static int read(FlightTrace trace, String when) {
        FlightTrace.Snapshot snapshot = trace.snapshot();
        Map<Long, List<Long>> numbers = new HashMap<>();
        int events = 0;
        for (long[] run : snapshot.runs()) {
            long before = 0;
            for (int i = 0; i < run.length; i += FlightTrace.WORDS) {
                long n = run[i + 1] >> 8;
                assertThat(FlightTrace.event(run[i])).as(when).isEqualTo(Trace.Event.SEND);
                assertThat(run[i + 2]).as(when).isEqualTo(n * n);
                assertThat(FlightTrace.nanos(run[i])).as(when).isGreaterThanOrEqualTo(before);
                before = FlightTrace.nanos(run[i]);
                if (before > snapshot.horizon() && before <= snapshot.now()) {
                    numbers.computeIfAbsent(run[i + 1] & 0xff, who -> new ArrayList<>())
                            .add(n);
                    events++;
                }
            }
        }
        numbers.forEach((who, of) -> {
            for (int i = 1; i < of.size(); i++) {
                assertThat(of.get(i)).as("%s, writer %d", when, who).isEqualTo(of.get(i - 1) + 1);
            }
        });
        return events;
    }

    /** What a green task allocates in a switch is the same as it was without the seam: the queue's node, or nothing. */
    @Test
    void recordingAllocatesNothingForAnEvent() {
        FlightTrace trace = new FlightTrace(1 << 20);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 50; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10; i++) {
                trace.record(Trace.Event.SEND, i, i);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).isZero();
    }

    @Test
    void offMakesNothing() throws Exception {
        try (Heddle h = Heddle.open(Model.THREAD)) {
            h.start(() -> assertThat(Thread.currentThread()).isNotInstanceOf(TracedThread.class))
                    .join();
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Trace off = Trace.OFF;
        off.record(Trace.Event.SEND, 1, 1);
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1_000; i++) {
            off.record(Trace.Event.SEND, i, i);
        }
        long one = threads.getCurrentThreadAllocatedBytes();
        long two = threads.getCurrentThreadAllocatedBytes();
        assertThat(one - before).isLessThanOrEqualTo(two - one);
    }
}
