package dev.heddle.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Shapes of tasks that wake each other and wait. All return nanoseconds for one of what they say. */
final class Switching {
    private Switching() {}

    /** A place in a ring: its task waits for the token. */
    private static final class Seat {
        volatile @Nullable Thread thread;
        volatile boolean token;

        void give() {
            token = true;
            LockSupport.unpark(thread);
        }
    }

    /** {@return the time of one hop of a token round a ring of tasks, by park and unpark} */
    static double ring(Tasks tasks, int seats, int laps) throws Exception {
        Seat[] ring = new Seat[seats];
        for (int i = 0; i < seats; i++) {
            ring[i] = new Seat();
        }
        CountDownLatch seated = new CountDownLatch(seats);
        List<Future<Integer>> all = new ArrayList<>(seats);
        for (int i = 0; i < seats; i++) {
            Seat mine = ring[i];
            Seat next = ring[(i + 1) % seats];
            all.add(tasks.start(() -> {
                mine.thread = Thread.currentThread();
                seated.countDown();
                for (int lap = 0; lap < laps; lap++) {
                    while (!mine.token) {
                        LockSupport.park();
                    }
                    mine.token = false;
                    next.give();
                }
                return laps;
            }));
        }
        seated.await();
        long start = System.nanoTime();
        ring[0].give();
        joinAll(all);
        return (System.nanoTime() - start) / ((double) seats * laps);
    }

    /** {@return the time of one round trip between two tasks, by park and unpark} */
    static double pingPong(Tasks tasks, int roundTrips) throws Exception {
        return 2 * ring(tasks, 2, roundTrips);
    }

    /** The same while another task computes and never waits. */
    static double pingPongBesideHog(Tasks tasks, int roundTrips) throws Exception {
        try (Hogs hogs = new Hogs(tasks, 1)) {
            hogs.awaitSpinning();
            return pingPong(tasks, roundTrips);
        }
    }

    /** {@return the time of one yield, while so many tasks do nothing else} */
    static double yield(Tasks tasks, int yielding, int times) throws Exception {
        long start = System.nanoTime();
        List<Future<Integer>> all = new ArrayList<>(yielding);
        for (int i = 0; i < yielding; i++) {
            all.add(tasks.start(() -> {
                for (int j = 0; j < times; j++) {
                    tasks.yield();
                }
                return times;
            }));
        }
        joinAll(all);
        return (System.nanoTime() - start) / ((double) yielding * times);
    }

    static void joinAll(List<? extends Future<?>> all) throws Exception {
        for (Future<?> future : all) {
            future.get();
        }
    }
}
