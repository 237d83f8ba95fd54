package dev.heddle.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OverlapTest {
    @Test
    void allDoTheWorkAndAreJudged() throws Exception {
        Conclusion conclusion = Smallest.run(new Overlap());
        assertThat(Smallest.missing(conclusion)).isEmpty();
        assertThat(conclusion.answer().sheet().lines())
                .extracting(line -> line.getFirst().text())
                .containsExactly("PROCESS", "THREAD", "GREEN", "FIBER", "C thread", "Go goroutine", "Python thread");
        assertThat(conclusion.answer().sheet().notes()).anyMatch(note -> note.contains("100 ms"));
    }
}
