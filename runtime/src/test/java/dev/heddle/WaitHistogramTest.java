package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitHistogramTest {
    @Test
    void percentilesAreTheUpperEndsOfTheirBuckets() {
        WaitHistogram waits = new WaitHistogram(List.of(0L, 50L, 49L, 0L, 1L));
        assertThat(waits.count()).isEqualTo(100);
        assertThat(waits.percentile(0)).isEqualTo(Duration.ZERO);
        assertThat(waits.percentile(0.5)).isEqualTo(Duration.ofNanos(4));
        assertThat(waits.percentile(0.51)).isEqualTo(Duration.ofNanos(8));
        assertThat(waits.percentile(0.99)).isEqualTo(Duration.ofNanos(8));
        assertThat(waits.percentile(1)).isEqualTo(Duration.ofNanos(32));
    }

    @Test
    void whereNothingWasMeasuredItIsZero() {
        assertThat(new WaitHistogram(List.of()).percentile(0.99)).isEqualTo(Duration.ZERO);
    }

    @Test
    void aPartOutOfRangeIsRefused() {
        for (double part : new double[] {-0.1, 1.1, 99, Double.NaN}) {
            assertThatThrownBy(() -> new WaitHistogram(List.of(1L)).percentile(part))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("0.99");
        }
    }
}
