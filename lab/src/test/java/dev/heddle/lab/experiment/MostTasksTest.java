package dev.heddle.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class MostTasksTest {
    private static Outcome run(Heddle h, long tasks, long mebibytes, long millis) throws Exception {
        return new MostTasks.Work()
                .run(h, new Args(List.of(String.valueOf(tasks), String.valueOf(mebibytes), String.valueOf(millis))));
    }

    private static Object fact(Outcome outcome, String name) {
        return outcome.facts().stream()
                .filter(fact -> fact.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }

    @Test
    void everyModelComesToItsBound() throws Exception {
        Conclusion conclusion = Smallest.run(new MostTasks());
        assertThat(Smallest.missing(conclusion)).isEmpty();
        assertThat(Smallest.values(conclusion, "THREAD", "tasks")).containsExactly(100);
        assertThat(Smallest.values(conclusion, "GREEN", "tasks")).containsExactly(1_000);
        assertThat(Smallest.values(conclusion, "FIBER", "tasks")).containsExactly(1_000);
        assertThat(Smallest.values(conclusion, "PROCESS", "tasks")).containsExactly(3);
    }

    /** Else the next repetition would first have to see them off: a million fibers take longer than it lasts. */
    @Test
    void itsTasksHaveEnded() throws Exception {
        try (Heddle h = Heddle.open(Model.FIBER)) {
            run(h, 1_000, 100_000, 60_000);
            assertThat(h.stats().started()).isEqualTo(1_000);
            assertThat(h.stats().completed())
                    .isGreaterThanOrEqualTo(999); // who joins is woken before the last is counted
        }
    }

    @Test
    void eachBoundIsNamed() throws Exception {
        try (Heddle h = Heddle.open(Model.GREEN)) {
            assertThat(fact(run(h, 10, 100_000, 60_000), "stopped by")).isEqualTo("the bound of 10 tasks");
            Outcome byMemory = run(h, 1_000_000, 1, 60_000); // a JVM takes more from the start
            assertThat(fact(byMemory, "stopped by")).isEqualTo("the bound of 1 MiB");
            assertThat(fact(byMemory, "tasks")).isEqualTo(256L);
        }
    }
}
