package dev.heddle.micrometer;

import dev.heddle.Heddle;
import dev.heddle.Stats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * {@link Heddle#stats} as meters, for whichever monitoring system a {@link MeterRegistry} feeds:
 *
 * <pre>{@code
 * new HeddleMetrics(heddle).bindTo(registry);
 * }</pre>
 *
 * <p>All names begin with {@code heddle.}, and all meters have the tags {@code heddle}, its name, and {@code model}. They are asked for
 * when the registry is read, and cost nothing in between. The registry refers to the heddle weakly, as is its way: when the heddle
 * is gone, its meters give no number. Thread-safe.
 */
public final class HeddleMetrics implements MeterBinder {
    private final Heddle heddle;
    private final Tags tags;

    /** @param heddle whose statistics these are */
    public HeddleMetrics(Heddle heddle) {
        this(heddle, Tags.empty());
    }

    /**
     * @param heddle whose statistics these are
     * @param tags of all meters, beside their own
     */
    public HeddleMetrics(Heddle heddle, Iterable<Tag> tags) {
        this.heddle = Objects.requireNonNull(heddle, "heddle");
        this.tags = Tags.concat(
                tags, "heddle", heddle.name(), "model", heddle.model().name().toLowerCase(Locale.ROOT));
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(
                registry,
                "processors",
                "How many tasks may execute at the same instant",
                Tags.empty(),
                Stats::processors);
        gauge(registry, "threads.os", "OS threads that it has, or worker processes", Tags.empty(), Stats::osThreads);
        String tasks = "Tasks that have not ended, by their state";
        gauge(registry, "tasks", tasks, Tags.of("state", "running"), Stats::running);
        gauge(registry, "tasks", tasks, Tags.of("state", "runnable"), Stats::runnable);
        gauge(registry, "tasks", tasks, Tags.of("state", "parked"), Stats::parked);
        counter(registry, "tasks.started", "Tasks that were started", Stats::started);
        counter(registry, "tasks.completed", "Tasks that have ended without a failure", Stats::completed);
        counter(registry, "tasks.failed", "Tasks that have failed", Stats::failed);
        counter(registry, "switches", "How many times a task began or went on", Stats::switches);
        counter(registry, "steals", "Tasks that a processor took from another", Stats::steals);
        counter(registry, "handoffs", "Processors that were taken from blocked carriers", Stats::handoffs);
        wait(registry, 0.5);
        wait(registry, 0.99);
        counter(
                registry,
                "lock.drop.requests",
                "Requests to drop the global lock",
                stats -> stats.lock().dropRequests());
        counter(
                registry,
                "lock.switches.forced",
                "Drops after such a request",
                stats -> stats.lock().forcedSwitches());
        timer(
                registry,
                "lock.held",
                "Holds of the global lock",
                stats -> stats.lock().holds(),
                stats -> stats.lock().held().toNanos());
        timer(
                registry,
                "lock.waited",
                "Waits for the global lock",
                stats -> stats.lock().waits(),
                stats -> stats.lock().waited().toNanos());
    }

    private void gauge(
            MeterRegistry registry, String name, String description, Tags more, ToDoubleFunction<Stats> value) {
        Gauge.builder("heddle." + name, heddle, it -> value.applyAsDouble(it.stats()))
                .description(description)
                .tags(tags.and(more))
                .register(registry);
    }

    private void counter(MeterRegistry registry, String name, String description, ToLongFunction<Stats> value) {
        FunctionCounter.builder("heddle." + name, heddle, it -> value.applyAsLong(it.stats()))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private void timer(
            MeterRegistry registry,
            String name,
            String description,
            ToLongFunction<Stats> count,
            ToDoubleFunction<Stats> nanos) {
        FunctionTimer.builder(
                        "heddle." + name,
                        heddle,
                        it -> count.applyAsLong(it.stats()),
                        it -> nanos.applyAsDouble(it.stats()),
                        TimeUnit.NANOSECONDS)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private void wait(MeterRegistry registry, double part) {
        TimeGauge.builder(
                        "heddle.wait",
                        heddle,
                        TimeUnit.NANOSECONDS,
                        it -> it.stats().waits().percentile(part).toNanos())
                .description("How long tasks that could run waited until they ran, of those that were measured")
                .tags(tags.and("quantile", Double.toString(part)))
                .register(registry);
    }
}
