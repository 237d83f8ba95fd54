package dev.heddle.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.internal.process.link.CorruptFrameException;
import dev.heddle.internal.process.link.Message.TraceKept;
import dev.heddle.internal.process.worker.WorkerTrace;
import dev.heddle.internal.trace.FlightTrace;
import dev.heddle.internal.trace.Trace;
import dev.heddle.internal.trace.WorkerEvents;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a worker says to have recorded is read to its end, or refused. */
class WorkerTracesTest {
    private static final long MOST = 1 << 20;

    private static TraceKept kept(boolean stacks) {
        WorkerTrace trace = new WorkerTrace(MOST, stacks);
        trace.begin(7);
        trace.parker().enter();
        trace.end();
        return trace.kept();
    }

    private static List<WorkerEvents> read(TraceKept kept) {
        WorkerTraces traces = new WorkerTraces(0, MOST);
        traces.came(3, kept);
        return traces.ask(List.of());
    }

    @Test
    void eventsComeWithTheStacksThatTheyName() {
        WorkerEvents events = read(kept(true)).getFirst();
        assertThat(events.worker()).isEqualTo(3);
        long[] words = events.words();
        int second = FlightTrace.WORDS;
        assertThat(FlightTrace.event(words[second])).isEqualTo(Trace.Event.WAITS_AT);
        assertThat(words[second + 1]).as("the task").isEqualTo(7);
        assertThat(events.stacks().get((int) words[second + 2])).isNotEmpty().hasSizeLessThanOrEqualTo(8);
    }

    @Test
    void withoutStacksThereIsNothingOfThem() {
        TraceKept without = kept(false);
        assertThat(without.events()).hasSize(Long.BYTES * (1 + 1 + 2 * FlightTrace.WORDS)); // base, length, two events
        assertThat(read(without).getFirst().stacks()).isEmpty();
    }

    @Test
    void whatIsCutOrChangedIsReadOrRefused() {
        TraceKept good = kept(true);
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = Arrays.copyOf(good.events(), random.nextInt(good.events().length + 1));
            for (int n = random.nextInt(3); n > 0 && bytes.length > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                read(new TraceKept(0, 0, bytes));
            } catch (CorruptFrameException e) {
                refused++;
            } catch (Throwable t) {
                throw new AssertionError("seed " + seed + ", message " + i, t);
            }
        }
        assertThat(refused).isGreaterThan(1_000);
    }
}
