package dev.heddle.bench;

import static dev.heddle.bench.Competitor.CONTINUATION;
import static dev.heddle.bench.Competitor.FIBER;
import static dev.heddle.bench.Competitor.FIBER_ON_OS_THREADS;
import static dev.heddle.bench.Competitor.GO;
import static dev.heddle.bench.Competitor.GREEN_TASKS;
import static dev.heddle.bench.Competitor.HEDDLE;
import static dev.heddle.bench.Competitor.JDK;
import static dev.heddle.bench.Competitor.JDK_ON_GREEN;
import static dev.heddle.bench.Competitor.JOX;
import static dev.heddle.bench.Competitor.JOX_ON_GREEN;
import static dev.heddle.bench.Competitor.KOTLIN;
import static dev.heddle.bench.Competitor.PYTHON;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The tables of {@code bench/run}, with their shapes and bars; what each is and why, docs/benchmarks.md says. */
@SuppressWarnings("ImmutableEnumChecker") // its lists are unmodifiable and its lambdas capture nothing
enum Table {
    /** A scheduler, by what tasks cost that start, wait, wake and hog. */
    GREEN(
            List.of(HEDDLE, JDK, GO),
            Shape.of(
                    Row.of("ping-pong", "ns/round trip").atMost(0.4, JDK).atMost(1, GO),
                    (tasks, m) -> Switching.pingPong(tasks, m.size(20_000))),
            Shape.of(
                    Row.of("ping-pong-hog", "ns/round trip"),
                    (tasks, m) -> Switching.pingPongBesideHog(tasks, m.size(20_000))),
            Shape.of(Row.of("ring-503", "ns/hop"), (tasks, m) -> Switching.ring(tasks, 503, m.size(200))),
            Shape.of(
                    Row.of("spawn-join", "ns/task").atMost(0.8, JDK).atMost(1, GO),
                    (tasks, m) -> Spawning.spawnJoin(tasks, m.size(20_000))),
            Shape.of(
                    Row.of("spawn-join-1000", "ns/task").atMost(0.8, JDK).atMost(1, GO),
                    (tasks, m) -> Spawning.spawnJoinMany(tasks, 1_000)),
            Shape.of(Row.of("spawn-chained", "ns/task"), (tasks, m) -> Spawning.spawnChained(tasks, m.size(20_000))),
            Shape.of(
                    Row.of("yield", "ns/yield").atMost(1, JDK),
                    (tasks, m) -> Switching.yield(tasks, 64, m.size(1_000))),
            Shape.of(Row.of("yield-alone", "ns/yield"), (tasks, m) -> Switching.yield(tasks, 1, m.size(50_000))),
            Shape.of(
                    Row.of("skynet", "ms").atMost(0.4, JDK).atMost(0.7, GO),
                    (tasks, m) -> Spawning.skynet(tasks, m.size(1_000_000))),
            Shape.of(
                            Row.of("skynet-untracked", "ms").atMost(0.4, JDK).atMost(0.7, GO),
                            (tasks, m) -> Spawning.skynet(tasks, m.size(1_000_000)))
                    .with("-Djdk.trackAllThreads=false"),
            Shape.of(
                            "parked",
                            Waiting::parked,
                            Row.of("parked-bytes-1k", "bytes/task"),
                            Row.of("parked-bytes-1M", "bytes/task").atMost(1_000),
                            Row.of("parked-bytes-growth", "1M / 1k").atMost(1.5),
                            Row.of("parked-time-1k", "ns/task"),
                            Row.of("parked-time-1M", "ns/task"),
                            Row.of("parked-time-growth", "1M / 1k").atMost(1.5))
                    .with("-Xms4g", "-Xmx4g"), // a heap that grows costs more than the tasks do
            Shape.of(
                            "sleepers",
                            Waiting::sleepers,
                            Row.of("sleepers-wrong", "tasks").atMost(0),
                            Row.of("sleepers-cpu", "ms").atMost(0.6, JDK),
                            Row.of("sleepers-wall", "ms"))
                    .with("-Xms4g", "-Xmx4g"), // a heap that grows costs more than the tasks do
            Shape.of(
                    Row.of("echo-10", "ns/round trip").atMost(1, JDK),
                    (tasks, m) -> Echoing.echo(tasks, 10, m.size(2_000))),
            Shape.of(
                    Row.of("echo-100", "ns/round trip").atMost(1, JDK),
                    (tasks, m) -> Echoing.echo(tasks, 100, m.size(200))),
            Shape.of(
                    "hogged-ticker",
                    Hogging::ticker,
                    Row.of("hogged-ticker", "ms late, p99").atMost(25)),
            Shape.of("hogged-cpus", Hogging::cpus, Row.of("hogged-cpus", "CPUs").atMost(1.05))
                    .on(1),
            Shape.of(
                            "fifo-64",
                            Hogging::fifo,
                            Row.of("fifo-64-entering", "ms, max").atMost(25),
                            Row.of("fifo-64-blocked", "ms, max").atMost(25))
                    .on(4)),

    /** Channels, by what an element costs. */
    CHANNELS(
            List.of(HEDDLE, JDK, GO, JOX, KOTLIN, JDK_ON_GREEN, JOX_ON_GREEN),
            Shape.of(
                    Row.of("rendezvous", "ns/round trip")
                            .atMost(0.6, JDK)
                            .atMost(1, GO)
                            .atMost(0.6, JOX),
                    (tasks, m) -> Passing.rendezvous(tasks, m.size(20_000))),
            Shape.of(
                            Row.of("rendezvous-exchanger", "ns/round trip"),
                            (tasks, m) -> Passing.rendezvousByExchanger(tasks, m.size(20_000)))
                    .without(GO, JOX, KOTLIN, JOX_ON_GREEN),
            Shape.of(
                    Row.of("buffer-128", "ns/element")
                            .atMost(0.7, GO)
                            .atMost(1, JOX)
                            .atMost(1, KOTLIN),
                    (tasks, m) -> Passing.fan(tasks, 1, 1, 128, m.size(200_000))),
            Shape.of(Row.of("fan-in", "ns/element"), (tasks, m) -> Passing.fan(tasks, 8, 1, 64, m.size(40_000))),
            Shape.of(Row.of("fan-out", "ns/element"), (tasks, m) -> Passing.fan(tasks, 1, 8, 64, m.size(40_000))),
            Shape.of(
                            Row.of("select-2", "ns/element").atMost(1, GO).atMost(0.5, JOX),
                            (tasks, m) -> Passing.select(tasks, 2, 0, m.size(40_000)))
                    .without(JDK, JDK_ON_GREEN),
            Shape.of(
                            Row.of("select-8", "ns/element").atMost(1, GO).atMost(0.5, JOX),
                            (tasks, m) -> Passing.select(tasks, 8, 0, m.size(40_000)))
                    .without(JDK, JDK_ON_GREEN),
            Shape.of(
                            Row.of("select-2-buffered", "ns/element"),
                            (tasks, m) -> Passing.select(tasks, 2, 16, m.size(40_000)))
                    .without(JDK, JDK_ON_GREEN),
            Shape.of(
                            Row.of("select-8-buffered", "ns/element"),
                            (tasks, m) -> Passing.select(tasks, 8, 16, m.size(40_000)))
                    .without(JDK, JDK_ON_GREEN),
            Shape.of(
                    "crowd",
                    Passing::crowd,
                    Row.of("crowd-2", "ns/element"),
                    Row.of("crowd-1000", "ns/element"),
                    Row.of("crowd-throughput", "2 / 1000").atLeast(0.8),
                    Row.of("crowd-longest-wait", "max / median").atMost(100)),
            Shape.of(
                            "threads-2",
                            Passing::onOsThreads,
                            Row.of("threads-2", "ns/element").atMost(1.2, JDK),
                            Row.of("threads-2-capacity-1", "ns/element"))
                    .without(GO, KOTLIN, JDK_ON_GREEN, JOX_ON_GREEN),
            Shape.of(Row.of("unused-bytes", "bytes/channel").atMost(200), Passing::unusedBytes)
                    .without(JDK_ON_GREEN, JOX_ON_GREEN)),

    /** Fibers and generators, by what a switch costs. */
    FIBERS(
            List.of(FIBER, GREEN_TASKS, CONTINUATION, JDK, FIBER_ON_OS_THREADS),
            Shape.of(
                    Row.of("fiber-yield", "ns/yield").atMost(1, GREEN_TASKS).atMost(2, CONTINUATION),
                    (tasks, m) -> tasks.turns().yield(64, m.size(1_000))),
            Shape.of(
                    Row.of("fiber-switch", "ns/switch").atMost(1, GREEN_TASKS).atMost(2, CONTINUATION),
                    (tasks, m) -> tasks.turns().switchTo(m.size(30_000))),
            Shape.of(
                            Row.of("generator", "ns/element").atMost(0.25, JDK),
                            (tasks, m) -> tasks.turns().generator(m.size(50_000)))
                    .without(FIBER_ON_OS_THREADS),
            Shape.of(
                            Row.of("generator-on-demand", "ns/element").atMost(0.25, JDK),
                            (tasks, m) -> tasks.turns().generatorOnDemand(m.size(50_000)))
                    .without(FIBER_ON_OS_THREADS)),

    /** Worker processes, by what tasks, elements, memory and deaths cost. */
    PROCESSES(
            List.of(HEDDLE, PYTHON),
            Shape.alone(
                    "submit-join",
                    Pooling::submitJoin,
                    Row.of("submit-join", "us/task").atMost(0.35, PYTHON)),
            Shape.alone(
                    "single-tasks",
                    Pooling::singleTasks,
                    Row.of("single-tasks", "us/task").atMost(1 / 6.0, PYTHON)),
            Shape.alone(
                    "map",
                    Pooling::map,
                    Row.of("map-1", "us/number"),
                    Row.of("map-chunks", "us/number").atMost(1, PYTHON)),
            Shape.alone(
                    "channel-to-worker",
                    m -> Crossing.oneWay(Crossing.Route.TO_WORKER, "channel-to-worker", m),
                    Row.of("channel-to-worker", "us/element").atMost(1).atMost(0.1, PYTHON)),
            Shape.alone(
                    "channel-from-worker",
                    m -> Crossing.oneWay(Crossing.Route.FROM_WORKER, "channel-from-worker", m),
                    Row.of("channel-from-worker", "us/element").atMost(1).atMost(0.1, PYTHON)),
            Shape.alone(
                    "channel-between-workers",
                    m -> Crossing.oneWay(Crossing.Route.BETWEEN_WORKERS, "channel-between-workers", m),
                    Row.of("channel-between-workers", "us/element").atMost(1).atMost(0.1, PYTHON)),
            Shape.alone(
                    "round-trip",
                    Crossing::roundTrips,
                    Row.of("round-trip", "us/round trip").atMost(0.4, PYTHON),
                    Row.of("round-trip-paused", "us/round trip")),
            Shape.alone(
                    "round-trip-between-workers",
                    Crossing::roundTripsBetweenWorkers,
                    Row.of("round-trip-between-workers", "us/round trip").atMost(0.4, PYTHON)),
            Shape.alone(
                    "pipe",
                    Crossing::pipes,
                    Row.of("pipe", "us/element").atMost(1).atMost(0.1, PYTHON),
                    Row.of("pipe-round-trip", "us/round trip").atMost(0.4, PYTHON)),
            Shape.alone(
                            "doubles",
                            Sharing::doubles,
                            Row.of("doubles-heap", "ms/pass"),
                            Row.of("doubles-1-worker", "ms/pass"),
                            Row.of("doubles-2-workers", "ms/pass"),
                            Row.of("doubles-speed-up", "1 process / 2").atLeast(1.8),
                            Row.of("doubles-memory", "grown / size").atMost(1.1))
                    .with("-Xmx2g") // one of the arrays is on the heap
                    .without(PYTHON), // which has no such array that is fast to work on
            Shape.alone(
                    "cold",
                    Starting::cold,
                    Row.of("cold-worker", "ms"),
                    Row.of("cold-empty-main", "ms"),
                    Row.of("cold-ratio", "worker / main").atMost(2.5)),
            Shape.alone(
                            "spare",
                            Starting::spare,
                            Row.of("spare-first-task", "ms").atMost(5))
                    .without(PYTHON), // whose workers start with the first task
            Shape.alone(
                    "death",
                    Dying::death,
                    Row.of("death-halt", "ms, max").atMost(500),
                    Row.of("death-kill-9", "ms, max").atMost(500),
                    Row.of("death-crash", "ms, max").atMost(500),
                    Row.of("death-others", "tasks failed").atMost(0)),
            Shape.alone(
                    "orphans",
                    Dying::orphans,
                    Row.of("orphans-gone", "ms, max").atMost(2_000),
                    Row.of("orphans-files", "files").atMost(0)));

    private final List<Competitor> competitors;
    private final List<Shape> shapes;

    Table(List<Competitor> competitors, Shape... shapes) {
        this.competitors = competitors;
        this.shapes = List.of(shapes);
    }

    /** {@return of whom the table asks something} */
    Competitor subject() {
        return competitors.getFirst();
    }

    /** {@return the subject and its peers, in the order of their columns} */
    List<Competitor> competitors() {
        return competitors;
    }

    List<Shape> shapes() {
        return shapes;
    }

    /** {@return whom something is asked in comparison with} Only they have a column of ratios. */
    Set<Competitor> comparedWith() {
        Set<Competitor> peers = EnumSet.noneOf(Competitor.class);
        shapes.forEach(
                shape -> shape.rows().forEach(row -> peers.addAll(row.mostOf().keySet())));
        return peers;
    }

    /** {@return the shape of that name} */
    Shape shape(String name) {
        return shapes.stream()
                .filter(shape -> shape.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no shape " + name + ", but "
                        + String.join(", ", shapes.stream().map(Shape::name).toList())));
    }

    /** {@return the table of that name} */
    static Table of(String name) {
        return Arrays.stream(values())
                .filter(table -> table.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no table " + name));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
