package dev.heddle.lab.advice;

import static dev.heddle.lab.measure.Rows.finding;
import static dev.heddle.lab.measure.Rows.result;
import static dev.heddle.lab.measure.Rows.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Model;
import dev.heddle.lab.advice.SavedComparison.NotComparedException;
import dev.heddle.lab.measure.Latencies;
import dev.heddle.lab.measure.Result;
import dev.heddle.lab.measure.Row;
import dev.heddle.lab.measure.Rows;
import dev.heddle.lab.measure.Sample;
import dev.heddle.lab.measure.Scheduling;
import dev.heddle.lab.measure.Scheduling.LockUse;
import dev.heddle.lab.report.HtmlReport;
import dev.heddle.lab.report.JsonReport;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Advice on results that are written by hand, and go through the files that compare saves. */
class AdviceTest {
    private static final int MIB = 1 << 20;

    /** A row that was measured six times, about as long each, on a machine with 2 CPUs. */
    private static Row row(Model model, double millis, double busyCpus, int mib, double foreign, long... latencies) {
        List<Sample> samples = new ArrayList<>();
        for (double jitter : new double[] {0.99, 1, 1.01, 1, 0.99, 1.01}) {
            long nanos = Math.round(millis * jitter * 1e6);
            samples.add(new Sample(
                    nanos,
                    Math.round(nanos * busyCpus),
                    100,
                    (long) mib * MIB,
                    20,
                    Math.round(2 * nanos * foreign),
                    2 * nanos,
                    List.of(),
                    new Latencies(latencies),
                    new Scheduling(1_000, 512, 0, 1, 0, LockUse.NONE, List.of())));
        }
        return Rows.row(model, samples);
    }

    private static Advice advise(Row... rows) throws Exception {
        return advise("work", rows);
    }

    private static Advice advise(String workload, Row... rows) throws Exception {
        return Advice.of(JsonReport.pretty(result(table(workload, rows)))).getFirst();
    }

    @Test
    void whereTheCpusAreTheLimitTheFastestIsTaken() throws Exception {
        Advice advice = advise(
                row(Model.PROCESS, 120, 1.9, 240, 0),
                row(Model.THREAD, 100, 1.9, 80, 0),
                row(Model.FIBER, 195, 1, 80, 0));
        assertThat(advice.models()).containsExactly("THREAD");
        assertThat(advice.sentence()).isEqualTo("Take THREAD.");
        assertThat(advice.reasons())
                .anyMatch(reason -> reason.startsWith("Time: THREAD 100 ms")
                        && reason.contains("PROCESS, the next, takes 1.20 times as long as THREAD (1.1"))
                .anyMatch(
                        reason -> reason.contains("CPU-bound. Under THREAD it computed 95% of the time of 2 processors,"
                                + " and waited 5%; with 1 processor, under FIBER, it takes 1.95 times as long"));
        assertThat(advice.changes()).anyMatch(change -> change.startsWith("Another number of CPUs"));
    }

    @Test
    void whatWaitsGoesByMemoryWhereTimesAreAlike() throws Exception {
        Advice advice = advise(row(Model.THREAD, 100, 0.1, 512, 0), row(Model.GREEN, 100.2, 0.1, 96, 0));
        assertThat(advice.models()).containsExactly("GREEN");
        assertThat(advice.reasons())
                .anyMatch(reason -> reason.contains("intervals overlap"))
                .contains("Among these it goes by the peak of resident memory: THREAD 512 MiB, GREEN 96 MiB.")
                .anyMatch(reason ->
                        reason.contains("it mostly waits. Under GREEN it computed 5%") && reason.contains("waited 95%"))
                .anyMatch(reason -> reason.contains("GREEN 96 MiB, 192 KiB for each of 512 tasks at once"));
        assertThat(advice.changes())
                .anyMatch(change -> change.startsWith("More tasks at once than the 512 that were live"))
                .anyMatch(change -> change.contains("--repeats 24"));
        assertThat(advice.doubts()).anyMatch(doubt -> doubt.contains("a difference below about"));
    }

    @Test
    void latencyComesBeforeMemory() throws Exception {
        Advice advice = advise(
                row(Model.THREAD, 100, 0.4, 512, 0, 1_000, 2_000), row(Model.GREEN, 100.2, 0.4, 96, 0, 1_000, 90_000));
        assertThat(advice.models()).containsExactly("THREAD");
        assertThat(advice.reasons()).anyMatch(reason -> reason.startsWith("Latency: THREAD half below 1.00 us"));
        assertThat(advice.changes())
                .anyMatch(change ->
                        change.startsWith("If the peak of resident memory counts for more than the time: GREEN"
                                + " has 96 MiB instead of 512 MiB, and takes 1.00 times as long"));
    }

    @Test
    void whatComputesAndWaitsIsNeither() throws Exception {
        Advice advice = advise(row(Model.THREAD, 150, 1, 80, 0), row(Model.GREEN, 100, 1.1, 80, 0));
        assertThat(advice.models()).containsExactly("GREEN");
        assertThat(advice.reasons())
                .anyMatch(reason -> reason.contains("it computes and waits. Under GREEN it computed 55%"));
        assertThat(advice.changes()).anyMatch(change -> change.contains("more CPUs change little"));
    }

    @Test
    void whereNothingDiffersAnyWillDo() throws Exception {
        Advice advice = advise(row(Model.THREAD, 100, 1.9, 80, 0), row(Model.GREEN, 100.1, 1.9, 81, 0));
        assertThat(advice.models()).containsExactly("THREAD", "GREEN");
        assertThat(advice.sentence()).isEqualTo("Take any of THREAD and GREEN: no difference between them was shown.");
    }

    @Test
    void whereNothingCanBeBelievedThereIsNoAdvice() throws Exception {
        Advice advice = advise(row(Model.THREAD, 100, 1, 80, 0.7), row(Model.GREEN, 50, 1, 80, 0.7));
        assertThat(advice.models()).isEmpty();
        assertThat(advice.sentence()).startsWith("No advice. No winner is named");
        assertThat(advice.doubts()).anyMatch(doubt -> doubt.startsWith("GREEN: disturbed"));
        assertThat(advice.changes().getFirst()).contains("quiet machine");
    }

    @Test
    void oneRowIsNoChoiceAndWhatIsDoubtfulIsLeftOut() throws Exception {
        assertThat(advise(row(Model.THREAD, 100, 1, 80, 0)).models()).isEmpty();
        Advice advice = advise(
                row(Model.THREAD, 100, 1, 80, 0), row(Model.FIBER, 200, 1, 80, 0), row(Model.GREEN, 50, 1, 80, 0.3));
        assertThat(advice.models()).containsExactly("THREAD");
        assertThat(advice.doubts()).anyMatch(doubt -> doubt.startsWith("GREEN was left out (disturbed"));
    }

    @Test
    void aWorkloadAboutItsResultGoesByTheResult() throws Exception {
        Advice advice = advise(finding(Model.THREAD, -5, 0, 7), finding(Model.FIBER, 0, 0, 0));
        assertThat(advice.models()).containsExactly("FIBER");
        assertThat(advice.sentence()).isEqualTo("Take FIBER: only there it found the same each time.");
        assertThat(advice.reasons()).contains("THREAD: final value from -5 to 7.", "FIBER: final value 0.");
    }

    @Test
    void theNameOfTheWorkloadDoesNotMatter() throws Exception {
        Row[] rows = {row(Model.THREAD, 100, 0.1, 80, 0), row(Model.GREEN, 50, 0.1, 80, 0)};
        Advice one = advise("primes", rows);
        Advice other = advise("clients", rows);
        assertThat(one.text().replace("primes", "clients")).isEqualTo(other.text());
    }

    @Test
    void thePageHoldsTheSame() throws Exception {
        Result result = result(table("a", row(Model.THREAD, 100, 1, 80, 0), row(Model.GREEN, 50, 1, 80, 0)));
        assertThat(Advice.of(HtmlReport.page(result))).isEqualTo(Advice.of(JsonReport.pretty(result)));
    }

    @Test
    void anotherFileIsNamed() {
        assertThatThrownBy(() -> Advice.of("no"))
                .isInstanceOf(NotComparedException.class)
                .hasMessage("it holds no JSON of a comparison");
        assertThatThrownBy(() -> Advice.of("{\"schema\":\"heddle-answers/1\"}"))
                .hasMessageContaining("should have the schema heddle-compare/1");
        assertThatThrownBy(() -> Advice.of("{\"schema\":\"heddle-compare/1\"}"))
                .hasMessage("it lacks the member workloads that a comparison has");
    }
}
