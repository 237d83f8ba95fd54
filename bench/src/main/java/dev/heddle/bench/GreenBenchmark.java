package dev.heddle.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The small shapes of {@code bench/run green} under JMH, for its profilers: Heddle's GREEN and the JDK. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class GreenBenchmark {
    private static final int TIMES = 20_000;

    /** Whose tasks. */
    @Param({"heddle", "jdk"})
    public String whose = "jdk";

    private Tasks tasks = Tasks.open(whose, 0);

    /** Opens the tasks. */
    @Setup
    public void open() {
        tasks = Tasks.open(whose, 0);
    }

    /** Closes them. */
    @TearDown
    public void close() {
        tasks.close();
    }

    /**
     * A round trip between two tasks by park and unpark.
     *
     * @return what the shape returns
     * @throws Exception never
     */
    @Benchmark
    @OperationsPerInvocation(TIMES)
    public double pingPong() throws Exception {
        return Switching.pingPong(tasks, TIMES);
    }

    /**
     * A yield, while 10 tasks do nothing else.
     *
     * @return what the shape returns
     * @throws Exception never
     */
    @Benchmark
    @OperationsPerInvocation(TIMES)
    public double yield() throws Exception {
        return Switching.yield(tasks, 10, TIMES / 10);
    }

    /**
     * A task that does nothing, started and joined before the next.
     *
     * @return what the shape returns
     * @throws Exception never
     */
    @Benchmark
    @OperationsPerInvocation(TIMES)
    public double spawnJoin() throws Exception {
        return Spawning.spawnJoin(tasks, TIMES);
    }
}
