package dev.heddle.chaos;

import dev.heddle.Acquired;
import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Mutex;
import dev.heddle.Received;
import dev.heddle.Select;
import dev.heddle.Semaphore;
import dev.heddle.SharedInts;
import dev.heddle.SharedLongs;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * What the tasks of a round and the parent share, and what can be done with it by any of them.
 *
 * @param channels {@link #UP} to the parent, {@link #DOWN} from it, {@link #ACROSS} between tasks
 * @param ledger of their elements
 * @param mutex guards {@code pair}
 * @param pair two numbers that are the same when nobody is between them
 * @param semaphore of {@link #PERMITS}
 * @param rows of longs, one for each task
 * @param attempts how often each task was begun
 * @param kills how many there were of each kind, by tasks upon themselves
 * @param workers the processes that have begun a task, each at a place that its number says, and behind them how many were begun
 */
record ChaosThings(
        List<Channel<Element>> channels,
        ChaosLedger ledger,
        Mutex mutex,
        SharedLongs pair,
        Semaphore semaphore,
        SharedLongs rows,
        SharedInts attempts,
        SharedLongs kills,
        SharedLongs workers)
        implements Serializable {
    static final int UP = 0;
    static final int DOWN = 1;
    static final int ACROSS = 2;
    static final int PERMITS = 3;

    /** The most tasks of a round. */
    static final int TASKS_MAX = 1 << 13;

    private static final int WORKERS = 1 << 12;

    private static final int ROW = 256;
    private static final int BURST_MAX = 100;
    private static final int STRIKES_WITHIN_NANOS = 50_000_000;
    private static final int[] CAPACITIES = {0, 1, 4, 64};

    /** Longer than a ring. */
    private static final int LONG_ELEMENT = 400_000;

    static ChaosThings make(Heddle heddle, SplittableRandom random) {
        List<Channel<Element>> channels = new ArrayList<>();
        for (int i = UP; i <= ACROSS; i++) {
            channels.add(heddle.channel(CAPACITIES[random.nextInt(CAPACITIES.length)]));
        }
        return new ChaosThings(
                channels,
                new ChaosLedger(heddle, channels.size()),
                heddle.mutex(),
                heddle.sharedLongs(2),
                heddle.semaphore(PERMITS),
                heddle.sharedLongs((long) ROW * TASKS_MAX),
                heddle.sharedInts(TASKS_MAX),
                heddle.sharedLongs(Kill.ALL.size()),
                heddle.sharedLongs(WORKERS + 1));
    }

    /** The calling process has begun a task. */
    void begin() {
        long pid = ProcessHandle.current().pid();
        workers.set(pid % WORKERS, pid);
        workers.getAndAdd(WORKERS, 1);
    }

    long tasksBegun() {
        return workers.get(WORKERS);
    }

    /** Kills the calling process in a moment; it may be at another task by then, or at none. */
    void strikeSoon(Kill kill, SplittableRandom random) {
        long nanos = random.nextInt(STRIKES_WITHIN_NANOS);
        Thread.ofPlatform().daemon().name("kill").start(() -> {
            long start = System.nanoTime();
            while (System.nanoTime() - start < nanos) {
                LockSupport.parkNanos(nanos - (System.nanoTime() - start));
            }
            kills.getAndAdd(kill.number(), 1);
            kill.strike();
        });
    }

    boolean hasBegunTasks(long pid) {
        return workers.get(pid % WORKERS) == pid;
    }

    static Duration briefly(SplittableRandom random) {
        return Duration.ofMillis(random.nextInt(1, 10));
    }

    static int length(SplittableRandom random) {
        return random.nextInt(100) == 0 ? LONG_ELEMENT : random.nextInt(100);
    }

    /** Sends one element after the other, until it has to wait too long. */
    void send(int channel, long sender, SplittableRandom random) throws InterruptedException {
        for (int i = random.nextInt(BURST_MAX); i >= 0; i--) {
            if (!sendOne(channel, sender, random)) {
                return;
            }
        }
    }

    private boolean sendOne(int channel, long sender, SplittableRandom random) throws InterruptedException {
        Element element = ledger.sending(channel, sender, length(random));
        if (element == null) {
            return false;
        }
        Channel<Element> to = channels.get(channel);
        boolean sent;
        try {
            sent = random.nextInt(8) == 0 ? to.trySend(element) : to.send(element, briefly(random));
        } catch (InterruptedException e) {
            ledger.sent(element, false);
            throw e;
        }
        ledger.sent(element, sent);
        return sent;
    }

    /** Receives one element after the other, until it has to wait too long. */
    void receive(int channel, SplittableRandom random) throws InterruptedException {
        for (int i = random.nextInt(BURST_MAX); i >= 0; i--) {
            if (!receiveOne(channel, random)) {
                return;
            }
        }
    }

    private boolean receiveOne(int channel, SplittableRandom random) throws InterruptedException {
        Channel<Element> from = channels.get(channel);
        ledger.receiving(channel);
        Received<Element> received;
        try {
            received = random.nextInt(8) == 0 ? from.tryReceive() : from.receive(briefly(random));
        } catch (InterruptedException e) {
            ledger.received(channel, null);
            throw e;
        }
        Element element = received instanceof Received.Element<Element>(Element e) ? e : null;
        ledger.received(channel, element);
        return element != null;
    }

    /** Receives from below or beside, or sends up: one of them, or nothing in a while. */
    void select(long sender, SplittableRandom random) throws InterruptedException {
        Element mine = ledger.sending(UP, sender, length(random));
        if (mine == null) {
            return;
        }
        ledger.receiving(DOWN);
        ledger.receiving(ACROSS);
        Element[] received = new Element[channels.size()];
        boolean sent;
        try {
            sent = new Select<Boolean>()
                    .receive(channels.get(DOWN), element -> {
                        received[DOWN] = element;
                        return false;
                    })
                    .receive(channels.get(ACROSS), element -> {
                        received[ACROSS] = element;
                        return false;
                    })
                    .send(channels.get(UP), () -> mine, () -> true)
                    .timeout(briefly(random), () -> false)
                    .await();
        } catch (InterruptedException e) {
            selected(mine, false, received);
            throw e;
        }
        selected(mine, sent, received);
    }

    private void selected(Element mine, boolean sent, Element[] received) {
        ledger.sent(mine, sent);
        ledger.received(DOWN, received[DOWN]);
        ledger.received(ACROSS, received[ACROSS]);
    }

    /** Changes both numbers, and makes up for whoever has changed one and died. */
    void change(SplittableRandom random) throws InterruptedException {
        Acquired how = mutex.lock(briefly(random));
        if (!how.isHeld()) {
            return;
        }
        if (how == Acquired.AFTER_DEATH) {
            pair.set(1, pair.get(0));
        } else if (pair.get(0) != pair.get(1)) {
            throw new AssertionError("two had the mutex, or a death was not told: " + pair.get(0) + ", " + pair.get(1));
        }
        pair.set(0, pair.get(0) + 1);
        for (int i = random.nextInt(20_000); i > 0; i--) {
            Thread.onSpinWait();
        }
        pair.set(1, pair.get(1) + 1);
        mutex.unlock();
    }

    void take(SplittableRandom random) throws InterruptedException {
        int n = random.nextInt(1, PERMITS + 1);
        if (semaphore.acquire(n, briefly(random)).isHeld()) {
            for (int i = random.nextInt(20_000); i > 0; i--) {
                Thread.onSpinWait();
            }
            semaphore.release(n);
        }
    }

    /** Writes a task's row, which nobody else writes. */
    void write(int task, long value) {
        for (int i = 0; i < ROW; i++) {
            rows.set((long) ROW * task + i, value);
        }
    }

    void checkRow(int task, long value) {
        for (int i = 0; i < ROW; i++) {
            long found = rows.get((long) ROW * task + i);
            if (found != value) {
                throw new AssertionError("task " + task + " wrote " + value + ", and " + found + " is at " + i);
            }
        }
    }
}
