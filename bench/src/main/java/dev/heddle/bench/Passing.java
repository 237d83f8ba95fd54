package dev.heddle.bench;

import dev.heddle.bench.Channels.Queue;
import dev.heddle.bench.Channels.Selection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Exchanger;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Shapes of tasks that pass elements to each other. Times are nanoseconds for one of what they say. */
final class Passing {
    private static final Integer ELEMENT = 1;

    private static final int CROWD = 1_000;
    private static final int CROWD_CAPACITY = 64;

    private Passing() {}

    /** {@return the time of one round trip of an element over two channels of capacity 0} */
    static double rendezvous(Tasks tasks, int roundTrips) throws Exception {
        Queue<Integer> there = tasks.channels().queue(0);
        Queue<Integer> back = tasks.channels().queue(0);
        long start = System.nanoTime();
        Future<Integer> pong = tasks.start(() -> {
            for (int i = 0; i < roundTrips; i++) {
                back.put(there.take());
            }
            return roundTrips;
        });
        Future<Integer> ping = tasks.start(() -> {
            for (int i = 0; i < roundTrips; i++) {
                there.put(ELEMENT);
                back.take();
            }
            return roundTrips;
        });
        ping.get();
        pong.get();
        return (System.nanoTime() - start) / (double) roundTrips;
    }

    /** The same for the JDK by what it has for just that, where one meeting passes an element each way. */
    static double rendezvousByExchanger(Tasks tasks, int roundTrips) throws Exception {
        if (!(tasks.channels() instanceof Channels.OfJdk)) {
            return rendezvous(tasks, roundTrips);
        }
        Exchanger<Integer> exchanger = new Exchanger<>();
        long start = System.nanoTime();
        List<Future<Integer>> both = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            both.add(tasks.start(() -> {
                for (int j = 0; j < roundTrips; j++) {
                    exchanger.exchange(ELEMENT);
                }
                return roundTrips;
            }));
        }
        Switching.joinAll(both);
        return (System.nanoTime() - start) / (double) roundTrips;
    }

    /** {@return the time of one element from so many producers over one channel to so many consumers} */
    static double fan(Tasks tasks, int producers, int consumers, int capacity, int elements) throws Exception {
        Queue<Integer> queue = tasks.channels().queue(capacity);
        long start = System.nanoTime();
        List<Future<Integer>> all = new ArrayList<>(producers + consumers);
        for (int i = 0; i < producers; i++) {
            all.add(tasks.start(() -> {
                for (int j = 0; j < elements / producers; j++) {
                    queue.put(ELEMENT);
                }
                return elements;
            }));
        }
        for (int i = 0; i < consumers; i++) {
            all.add(tasks.start(() -> {
                for (int j = 0; j < elements / consumers; j++) {
                    queue.take();
                }
                return elements;
            }));
        }
        Switching.joinAll(all);
        return (System.nanoTime() - start) / (double) elements;
    }

    /** {@return the time of one element that a task receives from any of so many channels, each with a producer} */
    static double select(Tasks tasks, int channels, int capacity, int elements) throws Exception {
        Selection<Integer> selection = tasks.channels().selection(channels, capacity);
        int each = Math.max(1, elements / channels);
        long start = System.nanoTime();
        List<Future<Integer>> all = new ArrayList<>(channels + 1);
        for (int i = 0; i < channels; i++) {
            int mine = i;
            all.add(tasks.start(() -> {
                for (int j = 0; j < each; j++) {
                    selection.put(mine, ELEMENT);
                }
                return each;
            }));
        }
        all.add(tasks.start(() -> {
            for (int j = 0; j < each * channels; j++) {
                selection.take();
            }
            return each;
        }));
        Switching.joinAll(all);
        return (System.nanoTime() - start) / ((double) each * channels);
    }

    /** A thousand producers and as many consumers on one channel, beside two and two. */
    static void crowd(Tasks tasks, Measurement measurement) throws Exception {
        int elements = measurement.size(500_000);
        double few = measurement.median(() -> fan(tasks, 2, 2, CROWD_CAPACITY, elements));
        double many = measurement.median(() -> fan(tasks, CROWD, CROWD, CROWD_CAPACITY, elements));
        measurement.report("crowd-2", few);
        measurement.report("crowd-1000", many);
        measurement.report("crowd-throughput", few / many);
        measurement.report("crowd-longest-wait", measurement.median(() -> longestWait(tasks, CROWD, elements / CROWD)));
    }

    /** {@return the longest wait of each task in one send or receive: that of the worst task by that of the median task} */
    private static double longestWait(Tasks tasks, int each, int times) throws Exception {
        Queue<Integer> queue = tasks.channels().queue(CROWD_CAPACITY);
        long[] longest = new long[2 * each];
        List<Future<Integer>> all = new ArrayList<>(longest.length);
        for (int i = 0; i < longest.length; i++) {
            int mine = i;
            boolean produces = i % 2 == 0;
            all.add(tasks.start(() -> {
                for (int j = 0; j < times; j++) {
                    long start = System.nanoTime();
                    if (produces) {
                        queue.put(ELEMENT);
                    } else {
                        queue.take();
                    }
                    longest[mine] = Math.max(longest[mine], System.nanoTime() - start);
                }
                return times;
            }));
        }
        Switching.joinAll(all);
        Arrays.sort(longest);
        return longest[longest.length - 1] / (double) longest[longest.length / 2];
    }

    /** Two OS threads on one channel. */
    static void onOsThreads(Tasks tasks, Measurement measurement) throws Exception {
        try (Tasks threads = tasks.onOsThreads()) {
            measurement.report(
                    "threads-2", measurement.median(() -> fan(threads, 1, 1, 128, measurement.size(200_000))));
            measurement.report(
                    "threads-2-capacity-1", measurement.median(() -> fan(threads, 1, 1, 1, measurement.size(10_000))));
        }
    }

    /** {@return the bytes of a channel of capacity 16 that nobody uses} */
    static double unusedBytes(Tasks tasks, Measurement measurement) throws Exception {
        Object[] channels = new Object[measurement.size(100_000)];
        long before = Waiting.usedBytes();
        Arrays.setAll(channels, i -> tasks.channels().unwrapped(16));
        long after = Waiting.usedBytes();
        if (IntStream.range(0, channels.length).anyMatch(i -> channels[i] == null)) { // also keeps them until here
            throw new IllegalStateException("a channel is missing");
        }
        return (after - before) / (double) channels.length;
    }
}
