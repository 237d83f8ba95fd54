package dev.heddle.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SwitchIntervalTest {
    @Test
    void everyIntervalIsMeasured() throws Exception {
        Conclusion conclusion = Smallest.run(new SwitchInterval());
        assertThat(Smallest.missing(conclusion)).isEmpty();
        Picture.Curves curves = (Picture.Curves) conclusion.answer().picture();
        assertThat(curves.lines())
                .hasSize(2)
                .allSatisfy(curve ->
                        assertThat(curve.points()).extracting(Picture.Point::x).containsExactly(1.0, 5.0, 20.0));
        // Whoever wakes asks for the lock and requests it after an interval, not before.
        assertThat(Smallest.values(conclusion, "THREAD 20 ms", "late")[0]).isGreaterThan(10e6);
    }
}
