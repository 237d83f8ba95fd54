package dev.heddle.stress;

import static dev.heddle.testing.HeddleTest.eventually;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Received;
import dev.heddle.Stats;
import dev.heddle.Task;
import java.io.FileInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/**
 * What the tasks of one heddle do, and whether it came out right: every task has ended, also those that were cancelled, and
 * none ran twice; what was sent is what was received and what is left; nothing that waits for a time has come back before it; the
 * heddle counts nobody and has no carrier left.
 *
 * <p>Nobody waits for what need not happen: channels are waited for with a limit, and a task that parks is woken by a task
 * or a thread that is not cancelled, or is interrupted itself.
 */
final class StressRound {
    private static final int IN_FLIGHT = 200;
    private static final int CHANNELS = 3;
    private static final int DEEPEST = 3;

    private final Heddle heddle;
    private final SplittableRandom forDriver;
    private final Channel<Long>[] channels;

    private final Queue<Task<?>> started = new ConcurrentLinkedQueue<>();

    /** Some that are cancelled by others. */
    private final AtomicReferenceArray<Task<?>> victims = new AtomicReferenceArray<>(16);

    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private final AtomicLong children = new AtomicLong();
    private final AtomicLong childrenEnded = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    @SuppressWarnings({"unchecked", "rawtypes"})
    StressRound(Heddle heddle, SplittableRandom random) {
        this.heddle = heddle;
        this.forDriver = random;
        channels = new Channel[CHANNELS];
        for (int i = 0; i < CHANNELS; i++) {
            channels[i] = heddle.channel(i);
        }
    }

    boolean isOver() {
        return over;
    }

    /** Keeps many tasks in flight for a while. */
    void startTasks(long nanos) throws InterruptedException {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < nanos && failures.isEmpty()) {
            Stats now = heddle.stats();
            if (now.started() - now.completed() < IN_FLIGHT) {
                victims.set(forDriver.nextInt(victims.length()), start(forDriver.split(), 0));
            } else {
                Thread.sleep(1);
            }
        }
    }

    private Task<Long> start(SplittableRandom random, int depth) {
        long number = random.nextLong();
        AtomicBoolean ran = new AtomicBoolean();
        Task<Long> task = heddle.start(() -> {
            if (!ran.compareAndSet(false, true)) {
                failures.add(new AssertionError("a task ran twice"));
            }
            begun.incrementAndGet();
            try {
                behave(random, depth);
            } finally {
                ended.incrementAndGet();
            }
            return number;
        });
        started.add(task);
        return task;
    }

    private void behave(SplittableRandom random, int depth) {
        try {
            for (int i = random.nextInt(1, 8); i > 0; i--) {
                act(random, depth);
            }
        } catch (InterruptedException | CancellationException | RejectedExecutionException e) {
            // this task or the one that it joined was cancelled, or the heddle takes no more: it ends here
        } catch (Throwable t) {
            failures.add(t);
        }
    }

    private void act(SplittableRandom random, int depth) throws Exception {
        switch (random.nextInt(depth < DEEPEST ? 15 : 11)) {
            case 0 -> Heddle.yield();
            case 1 -> compute(random.nextInt(300_000));
            case 2 -> {
                if (random.nextInt(10) == 0) {
                    compute(random.nextInt(11_000_000, 20_000_000)); // hogs its processor
                }
            }
            case 3 -> {
                if (random.nextInt(5) == 0) {
                    PinnedFrame.sleep();
                }
            }
            case 4 ->
                Heddle.blocking(() -> {
                    compute(random.nextInt(500_000));
                    return null;
                });
            case 5 -> sleep(random.nextInt(2_000_000));
            case 6 -> {
                if (random.nextBoolean()) {
                    LockSupport.parkNanos(random.nextInt(200_000));
                } else {
                    openFile();
                }
            }
            case 7, 8 -> send(random);
            case 9, 10 -> receive(random);
            case 11 -> join(random, depth);
            case 12 -> parkUntilWoken(random);
            case 13 -> startChild(random);
            default -> cancelSomeone(random, depth);
        }
    }

    /** Takes a monitor of the JDK's, as much of its code does now and then. */
    private static void openFile() throws IOException {
        new FileInputStream("/dev/null").close();
    }

    private static void compute(long nanos) {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < nanos) {
            Thread.onSpinWait();
        }
    }

    private void sleep(int nanos) throws InterruptedException {
        long begin = System.nanoTime();
        Thread.sleep(Duration.ofNanos(nanos));
        lasted("sleep", begin, nanos);
    }

    private void lasted(String what, long begin, long nanos) {
        long lasted = System.nanoTime() - begin;
        if (lasted < nanos) {
            failures.add(new AssertionError(what + " of " + nanos + " ns was over after " + lasted + " ns"));
        }
    }

    private void send(SplittableRandom random) throws InterruptedException {
        Channel<Long> channel = channels[random.nextInt(CHANNELS)];
        long element = random.nextInt(1, 1_000_000);
        long limit = random.nextInt(500_000);
        long begin = System.nanoTime();
        if (channel.send(element, Duration.ofNanos(limit))) {
            sent.addAndGet(element);
        } else {
            lasted("send", begin, limit);
        }
    }

    private void receive(SplittableRandom random) throws InterruptedException {
        Channel<Long> channel = channels[random.nextInt(CHANNELS)];
        long limit = random.nextInt(500_000);
        long begin = System.nanoTime();
        switch (channel.receive(Duration.ofNanos(limit))) {
            case Received.Element<Long>(Long element) -> received.addAndGet(element);
            case Received.Empty<Long> _ -> lasted("receive", begin, limit);
            case Received.Closed<Long> _ -> failures.add(new AssertionError("nobody has closed this channel"));
        }
    }

    private void join(SplittableRandom random, int depth) throws Exception {
        Task<Long> child = start(random.split(), depth + 1);
        if (random.nextBoolean()) {
            child.join();
        } else {
            long limit = random.nextInt(2_000_000);
            long begin = System.nanoTime();
            try {
                child.get(limit, TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                lasted("get", begin, limit);
            }
        }
    }

    private void parkUntilWoken(SplittableRandom random) throws InterruptedException {
        Thread me = Thread.currentThread();
        AtomicBoolean woken = new AtomicBoolean();
        Runnable wake = () -> {
            woken.set(true);
            LockSupport.unpark(me);
        };
        if (random.nextBoolean()) {
            started.add(heddle.submit(wake));
        } else {
            Thread.ofVirtual().start(wake);
        }
        while (!woken.get()) {
            LockSupport.park(this);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /** A virtual thread that is no task, and may outlive this one and the heddle. */
    private void startChild(SplittableRandom random) throws InterruptedException {
        children.incrementAndGet();
        int nanos = random.nextInt(1_000_000);
        Thread child = Thread.ofVirtual().start(() -> {
            try {
                sleep(nanos);
                Thread.yield();
            } catch (Throwable t) {
                failures.add(t);
            } finally {
                childrenEnded.incrementAndGet();
            }
        });
        if (random.nextBoolean()) {
            child.join();
        }
    }

    private void cancelSomeone(SplittableRandom random, int depth) {
        Task<Long> mine = start(random.split(), depth + 1);
        int place = random.nextInt(victims.length());
        Task<?> victim = victims.getAndSet(place, mine);
        if (victim != null) {
            victim.cancel(random.nextBoolean());
        }
    }

    /** Once the heddle has terminated. */
    void check() {
        if (begun.get() != ended.get()) {
            failures.add(new AssertionError(begun + " tasks have begun, " + ended + " ended"));
        }
        for (Task<?> task : started) {
            if (!task.isDone()) {
                failures.add(new AssertionError(task + " has not ended"));
            }
        }
        Stats stats = heddle.stats();
        if (stats.started() != started.size() || stats.completed() != started.size() || stats.failed() != 0) {
            failures.add(new AssertionError(started.size() + " tasks were started: " + stats));
        }
        long left = 0;
        for (Channel<Long> channel : channels) {
            while (channel.tryReceive() instanceof Received.Element<Long>(Long element)) {
                left += element;
            }
        }
        if (sent.get() != received.get() + left) {
            failures.add(new AssertionError("sent " + sent + ", received " + received + ", left " + left));
        }
        eventually("the children have ended", () -> children.get() == childrenEnded.get());
        over = true; // the resizer goes on until here
        eventually("nobody runs and no carrier is left", () -> {
            Stats end = heddle.stats();
            return end.running() == 0 && end.runnable() == 0 && end.parked() == 0 && end.osThreads() == 0;
        });
        Throwable first = failures.poll();
        if (first != null) {
            AssertionError report = new AssertionError("something is wrong with " + heddle.stats(), first);
            failures.forEach(report::addSuppressed);
            throw report;
        }
    }
}
