package dev.heddle.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HeddleMetricsTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    private double counter(String name) {
        return registry.get(name).functionCounter().count();
    }

    @ParameterizedTest
    @EnumSource
    void metersAreWhatTheStatisticsSay(Model model) throws Exception {
        Heddle heddle = Heddle.builder(model).name("shop").open();
        try (heddle) {
            new HeddleMetrics(heddle, Tags.of("zone", "a")).bindTo(registry);
            Channel<Integer> orders = heddle.channel(0);
            Task<Integer> first = heddle.start(() -> orders.receive());
            Task<Integer> second = heddle.start(() -> orders.receive());
            orders.send(1);
            orders.send(2);
            assertThat(first.join() + second.join()).isEqualTo(3);
            assertThat(gauge("heddle.processors")).isEqualTo(heddle.processors());
        }
        assertThat(counter("heddle.tasks.started")).isEqualTo(2);
        assertThat(counter("heddle.tasks.completed")).isEqualTo(2);
        assertThat(counter("heddle.tasks.failed")).isZero();
        assertThat(counter("heddle.switches")).isEqualTo((double) heddle.stats().switches());
        assertThat(gauge("heddle.tasks", "state", "parked")).isZero();
        assertThat(registry.get("heddle.processors")
                        .tags("heddle", "shop", "model", model.name().toLowerCase(Locale.ROOT), "zone", "a")
                        .meters())
                .hasSize(1);
    }

    @Test
    void theGlobalLockIsMeasured() throws Exception {
        try (Heddle heddle =
                Heddle.builder(Model.THREAD).globalLock(Duration.ofMillis(1)).open()) {
            new HeddleMetrics(heddle).bindTo(registry);
            heddle.start(() -> 1).join();
            heddle.start(() -> 2).join();
            assertThat(registry.get("heddle.lock.held").functionTimer().count())
                    .isEqualTo((double) heddle.stats().lock().holds())
                    .isGreaterThanOrEqualTo(2);
            assertThat(registry.get("heddle.lock.held").functionTimer().totalTime(TimeUnit.NANOSECONDS))
                    .isPositive();
        }
    }
}
