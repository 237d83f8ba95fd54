package dev.heddle.bench;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Pipe;
import dev.heddle.Sink;
import dev.heddle.Source;
import dev.heddle.Task;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Shapes of elements of 64 bytes that cross between processes. Times are microseconds for one of what they say. */
final class Crossing {
    private static final int CAPACITY = 1_024;

    /** Each filled with its index. */
    private static final byte[][] ELEMENTS =
            IntStream.range(0, 256).mapToObj(Crossing::element).toArray(byte[][]::new);

    private Crossing() {}

    private static byte[] element(int value) {
        byte[] element = new byte[64];
        Arrays.fill(element, (byte) value);
        return element;
    }

    /** From where to where. */
    enum Route {
        TO_WORKER,
        FROM_WORKER,
        BETWEEN_WORKERS;

        private Heddle open() {
            return Pooling.workers(this == BETWEEN_WORKERS ? 2 : 1);
        }
    }

    /** One side sends through a channel, the other receives. */
    static void oneWay(Route route, String row, Measurement measurement) throws Exception {
        try (Heddle heddle = route.open()) {
            Channel<byte[]> channel = heddle.channel(CAPACITY);
            int elements = measurement.size(50_000);
            measurement.report(row, measurement.median(() -> oneWay(route, heddle, channel, elements)));
        }
    }

    private static double oneWay(Route route, Heddle heddle, Channel<byte[]> channel, int elements)
            throws InterruptedException {
        long start = System.nanoTime();
        @Nullable
        Task<Long> receiver = route == Route.FROM_WORKER ? null : heddle.start(() -> receive(channel, elements));
        if (route == Route.TO_WORKER) {
            send(channel, elements);
        } else {
            heddle.start(() -> send(channel, elements));
        }
        long sum = receiver == null ? receive(channel, elements) : receiver.join();
        double time = Pooling.micros(start, elements);
        check(sum, elements);
        return time;
    }

    static void send(Sink<byte[]> channel, int elements) throws InterruptedException {
        for (int i = 0; i < elements; i++) {
            channel.send(ELEMENTS[i & 255]);
        }
    }

    static long receive(Source<byte[]> channel, int elements) throws InterruptedException {
        long sum = 0;
        for (int i = 0; i < elements; i++) {
            byte[] element = channel.receive();
            sum += element[element.length - 1] & 255;
        }
        return sum;
    }

    private static void check(long sum, int elements) {
        long expected = IntStream.range(0, elements).mapToLong(i -> i & 255).sum();
        if (sum != expected) {
            throw new IllegalStateException(
                    elements + " elements gave " + sum + " and not " + expected + " in their last bytes");
        }
    }

    /** An element goes there and back over two channels, then the next, at once and after a pause. */
    static void roundTrips(Measurement measurement) throws Exception {
        try (Heddle heddle = Route.TO_WORKER.open()) {
            Channel<byte[]> there = heddle.channel(1);
            Channel<byte[]> back = heddle.channel(1);
            int times = measurement.size(2_000);
            measurement.report("round-trip", measurement.median(() -> {
                Task<Long> echo = heddle.start(() -> echo(there, back, times));
                long start = System.nanoTime();
                long sum = ping(there, back, times);
                double time = Pooling.micros(start, times);
                check(sum, times);
                check(echo.join(), times);
                return time;
            }));
            int few = measurement.size(200);
            measurement.report("round-trip-paused", measurement.median(() -> {
                Task<Long> echo = heddle.start(() -> echo(there, back, few));
                double[] times1 = new double[few];
                for (int i = 0; i < few; i++) {
                    Thread.sleep(1); // the other side is then certain to have stopped looking
                    long start = System.nanoTime();
                    there.send(ELEMENTS[i & 255]);
                    back.receive();
                    times1[i] = Pooling.micros(start, 1);
                }
                check(echo.join(), few);
                return Measurement.median(Arrays.stream(times1).boxed().toList());
            }));
        }
    }

    /** The same between two workers. */
    static void roundTripsBetweenWorkers(Measurement measurement) throws Exception {
        try (Heddle heddle = Route.BETWEEN_WORKERS.open()) {
            Channel<byte[]> there = heddle.channel(1);
            Channel<byte[]> back = heddle.channel(1);
            int times = measurement.size(2_000);
            measurement.report("round-trip-between-workers", measurement.median(() -> {
                long start = System.nanoTime();
                Task<Long> echo = heddle.start(() -> echo(there, back, times));
                Task<Long> ping = heddle.start(() -> ping(there, back, times));
                check(ping.join(), times);
                check(echo.join(), times);
                return Pooling.micros(start, times);
            }));
        }
    }

    /** One way and round trips between this process and a worker, through pipes. */
    static void pipes(Measurement measurement) throws Exception {
        try (Heddle heddle = Route.TO_WORKER.open()) {
            Pipe<byte[]> there = heddle.pipe();
            Pipe<byte[]> back = heddle.pipe();
            int elements = measurement.size(50_000);
            measurement.report("pipe", measurement.median(() -> {
                long start = System.nanoTime();
                Task<Long> receiver = heddle.start(() -> receive(there, elements));
                send(there, elements);
                check(receiver.join(), elements);
                return Pooling.micros(start, elements);
            }));
            int times = measurement.size(2_000);
            measurement.report("pipe-round-trip", measurement.median(() -> {
                Task<Long> echo = heddle.start(() -> echo(there, back, times));
                long start = System.nanoTime();
                long sum = ping(there, back, times);
                double time = Pooling.micros(start, times);
                check(sum, times);
                check(echo.join(), times);
                return time;
            }));
        }
    }

    static long ping(Sink<byte[]> there, Source<byte[]> back, int times) throws InterruptedException {
        long sum = 0;
        for (int i = 0; i < times; i++) {
            there.send(ELEMENTS[i & 255]);
            sum += back.receive()[0] & 255;
        }
        return sum;
    }

    static long echo(Source<byte[]> there, Sink<byte[]> back, int times) throws InterruptedException {
        long sum = 0;
        for (int i = 0; i < times; i++) {
            byte[] element = there.receive();
            sum += element[0] & 255;
            back.send(element);
        }
        return sum;
    }
}
