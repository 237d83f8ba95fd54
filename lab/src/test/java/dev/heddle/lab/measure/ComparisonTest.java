package dev.heddle.lab.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Workload;
import dev.heddle.lab.WrongResultException;
import dev.heddle.lab.measure.MeasureException.Kind;
import dev.heddle.lab.measure.Plan.Work;
import dev.heddle.lab.measure.Result.Ending;
import dev.heddle.lab.workload.Primes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The runners are in this JVM here, which saves their start; MainTest has them in processes. */
class ComparisonTest {
    private final List<String> progress = new ArrayList<>();

    private Comparison comparison(Class<?> workload, List<String> args, int repeats, Model... models) {
        Plan plan = new Plan(
                List.of(new Work(workload.getName(), args)),
                List.of(models),
                List.of(1, 2),
                repeats,
                7,
                List.of(),
                List.of());
        return new Comparison(plan, Rows.result().context(), progress::add, Model.THREAD);
    }

    @Test
    void everyRowIsWarmedUpAndThenMeasuredAsOftenAsAsked() throws Exception {
        Comparison comparison = comparison(Primes.class, List.of("10000"), 4, Model.THREAD, Model.FIBER);
        int[] finished = {0};

        comparison.run(() -> finished[0]++);

        Result result = comparison.result();
        assertThat(result.ending()).isEqualTo(Ending.COMPLETE);
        assertThat(finished[0]).isEqualTo(1);
        List<Row> rows = result.tables().getFirst().rows();
        assertThat(rows)
                .extracting(row -> row.model() + " " + row.processors())
                .containsExactly("THREAD 1", "THREAD 2", "FIBER 1"); // FIBER has one processor, whatever was asked
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.samples()).hasSize(4);
            assertThat(row.warmUps()).isBetween(1, 10);
            assertThat(row.jvm().collector()).isNotEmpty();
            assertThat(row.summary().orElseThrow().facts().getFirst().values()).containsExactly(1229L);
        });
    }

    @Test
    void rowsTakeTurnsInAnOrderThatTheSeedDecides() throws Exception {
        comparison(Primes.class, List.of("100"), 8, Model.THREAD, Model.FIBER).run(() -> {});
        List<String> first = turns();
        progress.clear();
        comparison(Primes.class, List.of("100"), 8, Model.THREAD, Model.FIBER).run(() -> {});

        assertThat(turns()).isEqualTo(first);
        List<List<String>> rounds = Stream.iterate(0, i -> i < first.size(), i -> i + 3)
                .map(i -> first.subList(i, i + 3))
                .toList();
        assertThat(rounds).hasSize(8).allSatisfy(round -> assertThat(round).doesNotHaveDuplicates());
        assertThat(rounds.stream().distinct().count()).isGreaterThan(1);
    }

    private List<String> turns() {
        return progress.stream()
                .filter(line -> line.contains("repetition"))
                .map(line -> line.replaceAll(".* under (.*): .*", "$1"))
                .toList();
    }

    /** Right during warm-up, which has at most 10 repetitions, and wrong before 20 more are over. */
    public static final class WrongInTheEnd implements Workload {
        private int runs;

        @Override
        public String describe() {
            return "is wrong";
        }

        @Override
        public Outcome run(Heddle h, Args args) {
            if (++runs > 12) {
                throw new WrongResultException("2 and 2 are 4, and " + runs + " was found");
            }
            return Outcome.of("runs", runs);
        }
    }

    @Test
    void aWrongResultEndsTheComparisonAndKeepsWhatThereIs() {
        Comparison comparison = comparison(WrongInTheEnd.class, List.of(), 20, Model.THREAD);
        assertThatThrownBy(() -> comparison.run(() -> {}))
                .asInstanceOf(type(MeasureException.class))
                .satisfies(e -> {
                    assertThat(e.kind()).isEqualTo(Kind.WRONG_RESULT);
                    assertThat(e).hasMessageContaining("2 and 2 are 4").hasMessageContaining("under THREAD with");
                });
        Result result = comparison.result();
        assertThat(result.ending()).isEqualTo(Ending.FAILED);
        assertThat(result.failure().orElseThrow()).contains("2 and 2 are 4");
        assertThat(result.tables().getFirst().rows().stream()
                        .mapToInt(row -> row.samples().size())
                        .sum())
                .isPositive();
    }

    /** Fails in a task. */
    public static final class FailsInTask implements Workload {
        @Override
        public String describe() {
            return "fails";
        }

        @Override
        public Outcome run(Heddle h, Args args) throws Exception {
            h.start(() -> {
                        throw new java.io.FileNotFoundException("no such thing");
                    })
                    .join();
            return Outcome.NOTHING;
        }
    }

    @Test
    void anyOtherFailureComesWithItsPlace() {
        assertThatThrownBy(() -> comparison(FailsInTask.class, List.of(), 1, Model.THREAD)
                        .run(() -> {}))
                .asInstanceOf(type(MeasureException.class))
                .satisfies(e -> {
                    assertThat(e.kind()).isEqualTo(Kind.FAILED);
                    assertThat(e)
                            .hasMessageContaining("no such thing (at ")
                            .hasMessageContaining(FailsInTask.class.getName());
                });
    }

    @Test
    void aBadArgumentIsWrongUse() {
        assertThatThrownBy(() -> comparison(Primes.class, List.of("none"), 1, Model.THREAD)
                        .run(() -> {}))
                .asInstanceOf(type(MeasureException.class))
                .satisfies(e -> {
                    assertThat(e.kind()).isEqualTo(Kind.USAGE);
                    assertThat(e).hasMessage("N must be a whole number of at least 1, and 'none' is none");
                });
    }

    @Test
    void aClassThatIsNoWorkloadIsWrongUse() {
        assertThatThrownBy(() ->
                        comparison(String.class, List.of(), 1, Model.THREAD).run(() -> {}))
                .hasMessageContaining("java.lang.String cannot be used: a workload is a public class");
    }

    @Test
    void aRunnerThatDiesBetweenTwoRepetitionsIsNamed() throws Exception {
        Spec spec = new Spec(Primes.class.getName(), List.of("100"), Model.THREAD, 1, List.of());
        try (Runner runner = new Runner(spec, List.of(), Model.PROCESS)) {
            long pid = runner.awaitOpen().pid();
            runner.measure();
            ProcessHandle dead = ProcessHandle.of(pid).orElseThrow();
            dead.destroyForcibly();
            dead.onExit().get();
            assertThatThrownBy(runner::measure)
                    .asInstanceOf(type(MeasureException.class))
                    .satisfies(e -> {
                        assertThat(e.kind()).isEqualTo(Kind.WORKER_DIED);
                        assertThat(e).hasMessageContaining(String.valueOf(pid));
                    });
        }
    }
}
