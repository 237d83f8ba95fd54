package dev.heddle.bench;

import java.util.List;

/** The shapes that a scheduler is loaded with; what each is and why it has its bar, docs/benchmarks.md says. */
@SuppressWarnings("ImmutableEnumChecker") // its lists are unmodifiable and its lambdas capture nothing
enum Shape {
    PING_PONG(
            Row.of("ping-pong", "ns/round trip").ofJdk(0.4).ofGo(1.0),
            (tasks, m) -> Switching.pingPong(tasks, m.size(20_000))),

    PING_PONG_CHANNEL(
            Row.of("ping-pong-channel", "ns/round trip"),
            (tasks, m) -> Switching.pingPongByQueues(tasks, m.size(20_000))),

    PING_PONG_HOG(
            Row.of("ping-pong-hog", "ns/round trip"), (tasks, m) -> Switching.pingPongBesideHog(tasks, m.size(20_000))),

    RING_503(Row.of("ring-503", "ns/hop"), (tasks, m) -> Switching.ring(tasks, 503, m.size(200))),

    SPAWN_JOIN(
            Row.of("spawn-join", "ns/task").ofJdk(0.8).ofGo(1.0),
            (tasks, m) -> Spawning.spawnJoin(tasks, m.size(20_000))),

    SPAWN_JOIN_1000(
            Row.of("spawn-join-1000", "ns/task").ofJdk(0.8).ofGo(1.0),
            (tasks, m) -> Spawning.spawnJoinMany(tasks, 1_000)),

    SPAWN_CHAINED(Row.of("spawn-chained", "ns/task"), (tasks, m) -> Spawning.spawnChained(tasks, m.size(20_000))),

    YIELD(Row.of("yield", "ns/yield").ofJdk(1.0), (tasks, m) -> Switching.yield(tasks, 64, m.size(1_000))),

    YIELD_ALONE(Row.of("yield-alone", "ns/yield"), (tasks, m) -> Switching.yield(tasks, 1, m.size(50_000))),

    SKYNET(Row.of("skynet", "ms").ofJdk(0.4).ofGo(0.7), (tasks, m) -> Spawning.skynet(tasks, m.size(1_000_000))),

    SKYNET_UNTRACKED(
            Row.of("skynet-untracked", "ms").ofJdk(0.4).ofGo(0.7),
            List.of("-Djdk.trackAllThreads=false"),
            (tasks, m) -> Spawning.skynet(tasks, m.size(1_000_000))),

    PARKED(
            "parked",
            0,
            List.of("-Xms4g", "-Xmx4g"), // a heap that grows costs more than the tasks do
            Waiting::parked,
            Row.of("parked-bytes-1k", "bytes/task"),
            Row.of("parked-bytes-1M", "bytes/task").atMost(1_000),
            Row.of("parked-bytes-growth", "1M / 1k").atMost(1.5),
            Row.of("parked-time-1k", "ns/task"),
            Row.of("parked-time-1M", "ns/task"),
            Row.of("parked-time-growth", "1M / 1k").atMost(1.5)),

    SLEEPERS(
            "sleepers",
            0,
            List.of("-Xms4g", "-Xmx4g"), // a heap that grows costs more than the tasks do
            Waiting::sleepers,
            Row.of("sleepers-wrong", "tasks").atMost(0),
            Row.of("sleepers-cpu", "ms").ofJdk(0.6),
            Row.of("sleepers-wall", "ms")),

    HOGGED_TICKER(
            "hogged-ticker",
            Hogging::ticker,
            Row.of("hogged-ticker", "ms late, p99").atMost(25)),

    HOGGED_CPUS(
            "hogged-cpus",
            1,
            List.of(),
            Hogging::cpus,
            Row.of("hogged-cpus", "CPUs").atMost(1.05)),

    FIFO_64(
            "fifo-64",
            4,
            List.of(),
            Hogging::fifo,
            Row.of("fifo-64-entering", "ms, max").atMost(25),
            Row.of("fifo-64-blocked", "ms, max").atMost(25)),

    FAN_IN(Row.of("fan-in", "ns/element"), (tasks, m) -> Switching.fan(tasks, 8, 1, m.size(40_000))),

    FAN_OUT(Row.of("fan-out", "ns/element"), (tasks, m) -> Switching.fan(tasks, 1, 8, m.size(40_000)));

    /** What a process does for the shape. */
    @FunctionalInterface
    interface Body {
        void run(Tasks tasks, Measurement measurement) throws Exception;
    }

    /** A shape of one number: one run of it, repeated until warm and then for the median. */
    @FunctionalInterface
    interface Single {
        double once(Tasks tasks, Measurement measurement) throws Exception;
    }

    private final String text;
    private final int processors;
    private final List<String> jvmFlags;
    private final Body body;
    private final List<Row> rows;

    Shape(Row row, Single single) {
        this(row, List.of(), single);
    }

    Shape(Row row, List<String> jvmFlags, Single single) {
        this(row.name(), 0, jvmFlags, (tasks, m) -> m.report(row.name(), m.median(() -> single.once(tasks, m))), row);
    }

    Shape(String text, Body body, Row... rows) {
        this(text, 0, List.of(), body, rows);
    }

    /**
     * @param processors of each competitor; 0 leaves each its default
     * @param jvmFlags of both JVMs
     */
    Shape(String text, int processors, List<String> jvmFlags, Body body, Row... rows) {
        this.text = text;
        this.processors = processors;
        this.jvmFlags = jvmFlags;
        this.body = body;
        this.rows = List.of(rows);
    }

    int processors() {
        return processors;
    }

    List<String> jvmFlags() {
        return jvmFlags;
    }

    List<Row> rows() {
        return rows;
    }

    void run(Tasks tasks, Measurement measurement) throws Exception {
        body.run(tasks, measurement);
    }

    @Override
    public String toString() {
        return text;
    }
}
