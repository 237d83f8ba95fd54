package dev.heddle.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Shapes of a great many tasks that wait. */
final class Waiting {
    private static final long SLEEP_MILLIS = 1_000;
    private static final long PATIENCE_SECONDS = 60;

    /** The JVM compiles what sleepers do before any has woken, and again for those that have; before that settles, either
     * JVM now and then takes four times as long. */
    private static final int SLEEP_WARM_UPS = 5;

    private static final int MILLIONS = 3;

    private Waiting() {}

    /** What a parked task costs: bytes while it is parked, and nanoseconds to create and to release it. */
    private record Cost(double bytes, double nanos) {}

    /** A thousand and a million parked tasks, each of which is created, parks, is unparked and joined. */
    static void parked(Tasks tasks, Measurement measurement) throws Exception {
        int few = 1_000;
        int many = measurement.size(1_000_000);
        double fewNanos = measurement.median(() -> park(tasks, few, false).nanos());
        double fewBytes = median(tasks, few, 5).bytes();
        Cost atMany = median(tasks, many, 3);
        measurement.report("parked-bytes-1k", fewBytes);
        measurement.report("parked-bytes-1M", atMany.bytes());
        measurement.report("parked-bytes-growth", atMany.bytes() / fewBytes);
        measurement.report("parked-time-1k", fewNanos);
        measurement.report("parked-time-1M", atMany.nanos());
        measurement.report("parked-time-growth", atMany.nanos() / fewNanos);
    }

    private static Cost median(Tasks tasks, int count, int times) throws Exception {
        List<Double> bytes = new ArrayList<>();
        List<Double> nanos = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            Cost cost = park(tasks, count, true);
            bytes.add(cost.bytes());
            nanos.add(cost.nanos());
        }
        return new Cost(Measurement.median(bytes), Measurement.median(nanos));
    }

    private static Cost park(Tasks tasks, int count, boolean weigh) throws Exception {
        Thread[] threads = new Thread[count];
        List<Future<Integer>> all = new ArrayList<>(count);
        AtomicBoolean released = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(count);
        long before = weigh ? usedBytes() : 0;

        long start = System.nanoTime();
        tasks.start(() -> {
                    for (int i = 0; i < count; i++) {
                        int mine = i;
                        all.add(tasks.start(() -> {
                            threads[mine] = Thread.currentThread();
                            begun.countDown();
                            while (!released.get()) {
                                LockSupport.park();
                            }
                            return mine;
                        }));
                    }
                    return count;
                })
                .get();
        begun.await();
        long nanos = System.nanoTime() - start;

        long after = weigh ? usedBytes() : 0;

        start = System.nanoTime();
        released.set(true);
        tasks.start(() -> {
                    for (Thread thread : threads) {
                        LockSupport.unpark(thread);
                    }
                    Switching.joinAll(all);
                    return count;
                })
                .get();
        nanos += System.nanoTime() - start;
        return new Cost((after - before) / (double) count, nanos / (double) count);
    }

    /** Twice with a pause: what the first collection only queues for cleaning is gone after the second. */
    static long usedBytes() throws InterruptedException {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        Thread.sleep(100);
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** A million tasks sleep for one second each; those count as wrong that wake early or not at all. */
    static void sleepers(Tasks tasks, Measurement measurement) throws Exception {
        for (int i = 0; i < SLEEP_WARM_UPS; i++) {
            sleep(tasks, measurement.size(100_000));
        }
        List<Double> cpuMillis = new ArrayList<>();
        List<Double> wallMillis = new ArrayList<>();
        int wrong = 0;
        for (int i = 0; i < MILLIONS; i++) {
            long start = System.nanoTime();
            long cpu = Measurement.cpuNanos();
            wrong += sleep(tasks, measurement.size(1_000_000));
            cpuMillis.add((Measurement.cpuNanos() - cpu) / 1e6);
            wallMillis.add((System.nanoTime() - start) / 1e6);
        }
        measurement.report("sleepers-cpu", Measurement.median(cpuMillis));
        measurement.report("sleepers-wall", Measurement.median(wallMillis));
        measurement.report("sleepers-wrong", wrong);
    }

    private static int sleep(Tasks tasks, int count) throws Exception {
        return tasks.start(() -> {
                    List<Future<Boolean>> all = new ArrayList<>(count);
                    for (int i = 0; i < count; i++) {
                        all.add(tasks.start(() -> {
                            long start = System.nanoTime();
                            Thread.sleep(SLEEP_MILLIS);
                            return System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(SLEEP_MILLIS);
                        }));
                    }
                    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
                    int wrong = 0;
                    for (Future<Boolean> one : all) {
                        wrong += wokeInTime(one, end) ? 0 : 1;
                    }
                    return wrong;
                })
                .get();
    }

    private static boolean wokeInTime(Future<Boolean> sleeper, long end) throws Exception {
        try {
            return sleeper.isDone() ? sleeper.get() : sleeper.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return false;
        }
    }
}
