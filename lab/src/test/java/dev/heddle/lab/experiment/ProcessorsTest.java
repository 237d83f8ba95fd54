package dev.heddle.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessorsTest {
    @Test
    void everybodyDoesTheWorkWithEachNumber() throws Exception {
        Conclusion conclusion = Smallest.run(new Processors());
        assertThat(Smallest.missing(conclusion)).isEmpty();
        assertThat(conclusion.answer().sheet().headers()).startsWith("", "n = 1", "n = 2");
        assertThat(conclusion.answer().sheet().lines())
                .extracting(line -> line.getFirst().text())
                .containsExactly("PROCESS", "THREAD", "GREEN", "Go");
        assertThat(conclusion.answer().picture()).isInstanceOf(Picture.Curves.class);
    }
}
