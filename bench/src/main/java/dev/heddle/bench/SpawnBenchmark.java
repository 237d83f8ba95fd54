package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

/** The cost of a task that does nothing, started and joined from inside another: Heddle's GREEN and FIBER, and the JDK. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class SpawnBenchmark {
    private static final int TASKS = 1_000;

    /** Whose tasks. */
    public enum Whose {
        /** Heddle's green threads. */
        HEDDLE_GREEN,
        /** Heddle's fibers. */
        HEDDLE_FIBER,
        /** The JDK's virtual threads on its default scheduler. */
        JDK_VIRTUAL
    }

    /** Whose tasks. */
    @Param
    public Whose whose = Whose.HEDDLE_GREEN;

    private ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    /** Opens the executor on the thread that runs the benchmark, which owns the fibers. */
    @Setup
    public void open() {
        executor.close();
        executor = switch (whose) {
            case HEDDLE_GREEN -> Heddle.open(Model.GREEN);
            case HEDDLE_FIBER -> Heddle.open(Model.FIBER);
            case JDK_VIRTUAL -> Executors.newVirtualThreadPerTaskExecutor();
        };
    }

    /** Closes it. */
    @TearDown
    public void close() {
        executor.close();
    }

    /**
     * @return the sum of the results
     * @throws Exception never
     */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public int spawnAndJoin() throws Exception {
        ExecutorService starter = executor;
        Callable<Integer> parent = () -> {
            List<Future<Integer>> children = new ArrayList<>(TASKS);
            for (int i = 0; i < TASKS; i++) {
                children.add(starter.submit(() -> 1));
            }
            int sum = 0;
            for (Future<Integer> child : children) {
                sum += child.get();
            }
            return sum;
        };
        return starter.submit(parent).get();
    }
}
