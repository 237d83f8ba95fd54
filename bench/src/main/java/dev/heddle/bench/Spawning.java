package dev.heddle.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;

/** Shapes of tasks that start tasks, from inside a first one. */
final class Spawning {
    private Spawning() {}

    /** {@return nanoseconds to start a task that does nothing and join it, one after the other} */
    static double spawnJoin(Tasks tasks, int times) throws Exception {
        return tasks.start(() -> {
                    long start = System.nanoTime();
                    for (int i = 0; i < times; i++) {
                        tasks.start(() -> 1).get();
                    }
                    return (System.nanoTime() - start) / (double) times;
                })
                .get();
    }

    /** {@return nanoseconds per task, where so many are started before the first is joined} */
    static double spawnJoinMany(Tasks tasks, int many) throws Exception {
        return tasks.start(() -> {
                    long start = System.nanoTime();
                    List<Future<Integer>> children = new ArrayList<>(many);
                    for (int i = 0; i < many; i++) {
                        children.add(tasks.start(() -> 1));
                    }
                    Switching.joinAll(children);
                    return (System.nanoTime() - start) / (double) many;
                })
                .get();
    }

    /** {@return nanoseconds per task, where each starts the next and ends} */
    static double spawnChained(Tasks tasks, int links) throws Exception {
        CountDownLatch last = new CountDownLatch(1);
        long start = System.nanoTime();
        tasks.start(() -> link(tasks, links, last));
        last.await();
        return (System.nanoTime() - start) / (double) links;
    }

    private static int link(Tasks tasks, int left, CountDownLatch last) {
        if (left == 0) {
            last.countDown();
        } else {
            tasks.start(() -> link(tasks, left - 1, last));
        }
        return left;
    }

    /**
     * {@return milliseconds for a tree of tasks, ten children each, whose leaves count and whose nodes add up}
     *
     * @param leaves a power of ten
     */
    static double skynet(Tasks tasks, int leaves) throws Exception {
        long start = System.nanoTime();
        long sum = tasks.start(() -> node(tasks, 0, leaves)).get();
        double millis = (System.nanoTime() - start) / 1e6;
        long expected = leaves * (leaves - 1L) / 2;
        if (sum != expected) {
            throw new IllegalStateException("skynet gave " + sum + " and not " + expected);
        }
        return millis;
    }

    private static long node(Tasks tasks, long first, int leaves) throws Exception {
        if (leaves == 1) {
            return first;
        }
        int share = leaves / 10;
        List<Future<Long>> children = new ArrayList<>(10);
        for (int i = 0; i < 10; i++) {
            long childsFirst = first + (long) i * share;
            children.add(tasks.start(() -> node(tasks, childsFirst, share)));
        }
        long sum = 0;
        for (Future<Long> child : children) {
            sum += child.get();
        }
        return sum;
    }
}
