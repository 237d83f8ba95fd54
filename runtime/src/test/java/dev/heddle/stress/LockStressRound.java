package dev.heddle.stress;

import dev.heddle.Channel;
import dev.heddle.GlobalLock;
import dev.heddle.GlobalLockStats;
import dev.heddle.Heddle;
import dev.heddle.LimitPolicy;
import dev.heddle.Model;
import dev.heddle.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the tasks of one heddle with a global lock do, and some threads beside them, and whether it came out right.
 *
 * <p>A task is in user code but where it may lose the lock. There it counts in a plain field, and says that it is inside, in another,
 * so that whoever finds somebody else inside has found two at once.
 */
final class LockStressRound {
    /** What a lock guards. All fields are plain. */
    private static final class Guarded {
        private final String name;
        private Object inside;
        private long updates;

        Guarded(String name) {
            this.name = name;
        }

        void update(int times) {
            for (int i = 0; i < times; i++) {
                Object me = Thread.currentThread();
                if (inside != null) {
                    throw new AssertionError(me + " is in the code of " + name + " beside " + inside);
                }
                inside = me;
                updates++;
                inside = null;
            }
        }
    }

    private final SplittableRandom random;
    private final Model model;
    private final Heddle heddle;
    private final Guarded ofHeddle = new Guarded("the heddle's lock");
    private final GlobalLock[] locks;
    private final Guarded[] ofLocks;
    private final Channel<Integer> channel;

    private final AtomicLong expected = new AtomicLong();
    private final AtomicLong[] expectedOfLocks;
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    LockStressRound(SplittableRandom random) {
        this.random = random;
        model = random.nextBoolean() ? Model.THREAD : Model.GREEN;
        heddle = Heddle.builder(model)
                .processors(random.nextInt(1, 5))
                .spareCarriers(random.nextInt(8, 64))
                .maxTasks(random.nextInt(3, 30), LimitPolicy.CALLER_RUNS)
                .globalLock(interval())
                .open();
        channel = heddle.channel(random.nextInt(3));
        locks = new GlobalLock[] {new GlobalLock(interval()), new GlobalLock(interval())};
        ofLocks = new Guarded[] {new Guarded(locks[0].toString()), new Guarded(locks[1].toString())};
        expectedOfLocks = new AtomicLong[] {new AtomicLong(), new AtomicLong()};
    }

    private Duration interval() {
        return Duration.ofNanos(random.nextLong(10_000, 2_000_000));
    }

    /** {@return how many updates there were} */
    long run() throws Exception {
        List<Thread> beside = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            SplittableRandom own = random.split();
            beside.add(Thread.ofPlatform().name("beside-" + i).start(() -> guarded(() -> useLocks(own))));
        }
        List<Task<?>> tasks = new ArrayList<>();
        for (int i = random.nextInt(5, 60); i > 0; i--) {
            SplittableRandom own = random.split();
            Task<?> task = heddle.start(() -> guarded(() -> behave(own)));
            if (random.nextInt(8) == 0) {
                task.cancel(true);
            }
            tasks.add(task);
        }
        for (Task<?> task : tasks) {
            if (!task.isCancelled()) {
                task.join();
            }
        }
        for (Thread thread : beside) {
            thread.join();
        }
        heddle.close();
        check();
        return ofHeddle.updates;
    }

    private void guarded(Code code) {
        try {
            code.run();
        } catch (InterruptedException e) {
            // it was cancelled, and ends here
        } catch (Throwable t) {
            failures.add(t);
        }
    }

    /** Code that may throw. */
    @FunctionalInterface
    private interface Code {
        void run() throws Exception;
    }

    private void update(SplittableRandom own) {
        int times = own.nextInt(1, 200);
        ofHeddle.update(times);
        expected.addAndGet(times);
    }

    private void behave(SplittableRandom own) throws Exception {
        for (int i = own.nextInt(1, 30); i > 0; i--) {
            update(own);
            act(own);
        }
        update(own);
    }

    private void act(SplittableRandom own) throws Exception {
        switch (own.nextInt(14)) {
            case 0, 1, 2 -> {
                for (int i = own.nextInt(100); i > 0; i--) {
                    update(own);
                    Heddle.checkpoint();
                }
            }
            case 3 -> Heddle.yield();
            case 4 -> Heddle.sleep(Duration.ofNanos(own.nextLong(300_000)));
            case 5 -> channel.send(1, Duration.ofNanos(own.nextLong(500_000)));
            case 6 -> channel.receive(Duration.ofNanos(own.nextLong(500_000)));
            case 7 ->
                Heddle.blocking(() -> {
                    if (own.nextBoolean()) {
                        Thread.sleep(0, own.nextInt(500_000));
                    }
                    return own.nextBoolean() ? sum(own) : 0;
                });
            case 8 -> heddle.start(() -> update(own.split())).join();
            case 9, 10 -> useLocks(own);
            case 11 -> {
                if (model == Model.GREEN) {
                    Thread.sleep(0, own.nextInt(300_000)); // the lock is left
                }
            }
            case 12 ->
                PinnedFrame.call(() -> {
                    update(own);
                    Heddle.checkpoint();
                    update(own);
                    Heddle.sleep(Duration.ofNanos(own.nextLong(100_000)));
                    update(own);
                    return 0;
                });
            default -> sum(own);
        }
    }

    /** Computes for a moment. */
    private static int sum(SplittableRandom own) {
        int sum = 0;
        for (int i = own.nextInt(20_000); i > 0; i--) {
            sum += i ^ sum;
        }
        return sum & 1;
    }

    private void useLocks(SplittableRandom own) throws Exception {
        for (int i = own.nextInt(1, 20); i > 0; i--) {
            int one = own.nextInt(2);
            locks[one].hold(() -> {
                updateOf(one, own);
                if (own.nextInt(3) == 0) {
                    int other = own.nextInt(2); // perhaps the same again
                    locks[other].hold(() -> {
                        updateOf(other, own);
                        Heddle.checkpoint();
                        updateOf(one, own);
                    });
                }
                if (own.nextInt(5) == 0) {
                    Heddle.sleep(Duration.ofNanos(own.nextLong(100_000)));
                }
                updateOf(one, own);
            });
            Heddle.checkpoint();
        }
    }

    private void updateOf(int lock, SplittableRandom own) {
        int times = own.nextInt(1, 50);
        ofLocks[lock].update(times);
        expectedOfLocks[lock].addAndGet(times);
    }

    private void check() throws Exception {
        Throwable failure = failures.poll();
        if (failure != null) {
            throw new AssertionError(model + ": " + failure, failure);
        }
        require(ofHeddle, expected);
        for (int i = 0; i < locks.length; i++) {
            int lock = i;
            locks[i].hold(() -> require(ofLocks[lock], expectedOfLocks[lock]));
        }
        GlobalLockStats stats = heddle.stats().lock();
        if (stats.forcedSwitches() > stats.dropRequests() || stats.waits() > stats.holds()) {
            throw new AssertionError("that cannot be: " + stats);
        }
    }

    private void require(Guarded guarded, AtomicLong times) {
        if (guarded.updates != times.get()) {
            throw new AssertionError(
                    model + ": " + guarded.updates + " updates under " + guarded.name + " instead of " + times);
        }
    }
}
