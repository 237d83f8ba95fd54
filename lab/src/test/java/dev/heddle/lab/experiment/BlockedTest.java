package dev.heddle.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BlockedTest {
    /** That it ends at all shows it: were they counted, the one processor would be theirs for ever. */
    @Test
    void theWorkIsDoneBesideTasksThatWait() throws Exception {
        Conclusion conclusion = Smallest.run(new Blocked());
        assertThat(Smallest.missing(conclusion)).isEmpty();
        for (String who : new String[] {"PROCESS", "THREAD", "GREEN", "FIBER", "Go"}) {
            assertThat(Smallest.values(conclusion, who + " beside", "work"))
                    .as(who)
                    .isNotEmpty();
        }
    }
}
