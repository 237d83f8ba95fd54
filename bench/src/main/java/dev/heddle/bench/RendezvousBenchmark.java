package dev.heddle.bench;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
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

/**
 * The round trip of an element between two tasks that wait for each other: over two rendezvous channels of each model,
 * and over two {@link SynchronousQueue}s between virtual threads of the JDK's own scheduler.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RendezvousBenchmark {
    private static final int ROUND_TRIPS = 5_000;

    /** A heddle of each model that shares memory. */
    @State(Scope.Benchmark)
    public static class Open {
        /** The model. */
        @Param({"THREAD", "GREEN", "FIBER"})
        public Model model = Model.GREEN;

        private Heddle heddle = Heddle.open(Model.THREAD);

        /** Opens the heddle on the thread that runs the benchmark, which owns the fibers. */
        @Setup
        public void open() {
            heddle.close();
            heddle = Heddle.open(model);
        }

        /** Closes it. */
        @TearDown
        public void close() {
            heddle.close();
        }
    }

    /**
     * @param open the heddle
     * @return the last element
     * @throws InterruptedException never
     */
    @Benchmark
    @OperationsPerInvocation(ROUND_TRIPS)
    public int heddleChannels(Open open) throws InterruptedException {
        Channel<Integer> there = open.heddle.channel(0);
        Channel<Integer> back = open.heddle.channel(0);
        open.heddle.start(() -> {
            for (int element : there) {
                back.send(element);
            }
        });
        Task<Integer> ping = open.heddle.start(() -> {
            int last = 0;
            for (int i = 0; i < ROUND_TRIPS; i++) {
                there.send(i);
                last = back.receive();
            }
            there.close();
            return last;
        });
        return ping.join();
    }

    /**
     * @return the last element
     * @throws Exception never
     */
    @Benchmark
    @OperationsPerInvocation(ROUND_TRIPS)
    public int jdkVirtualThreads() throws Exception {
        SynchronousQueue<Integer> there = new SynchronousQueue<>();
        SynchronousQueue<Integer> back = new SynchronousQueue<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> pong = executor.submit(() -> {
                for (int i = 0; i < ROUND_TRIPS; i++) {
                    back.put(there.take());
                }
                return null;
            });
            Future<Integer> ping = executor.submit(() -> {
                int last = 0;
                for (int i = 0; i < ROUND_TRIPS; i++) {
                    there.put(i);
                    last = back.take();
                }
                return last;
            });
            pong.get();
            return ping.get();
        }
    }
}
