package dev.heddle.internal.process.start;

import dev.heddle.internal.os.CpuAffinity;
import java.util.BitSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The CPUs that a worker is confined to.
 *
 * <p>Problem: workers come and go, in several heddles, and each has CPUs of its own as long as there are enough. Rejected: to hand
 * out CPUs in turn, as {@link CpuAffinity#choose} does: when the worker of one CPU dies again and again, its successors move
 * to those of others. Approach: who uses each CPU is counted for this JVM, and a new worker gets those that the fewest have, next to
 * each other, as they then mostly share a cache. Among equal ones chance decides, or else several programs
 * would all begin with the first.
 *
 * <p>The parent confines the worker, after the process has started and before it gets a task. Rejected: the worker itself, which
 * would have to find its JVM's own threads and be slower to start; and to confine the thread that starts the process,
 * from which the child would inherit it, as would the JDK's threads that wait for processes, on which users' code runs.
 */
public final class WorkerCpus implements AutoCloseable {
    private static final ReentrantLock LOCK = new ReentrantLock();

    private static final int[] ALLOWED = CpuAffinity.allowed().stream().toArray();

    /** How many workers use each of the allowed CPUs. Guarded by LOCK. */
    private static final int[] USERS = new int[ALLOWED.length];

    /** The first of them, and how many; there are none if the worker is not confined. */
    private final int first;

    private final int count;

    private WorkerCpus(int first, int count) {
        this.first = first;
        this.count = count;
    }

    /**
     * Chooses CPUs for a worker, which count as used until {@link #close}.
     *
     * @param n how many, or 0 for no limit
     * @return min(n, allowed) of the allowed CPUs; none if that is all or if confining is not supported
     */
    public static WorkerCpus choose(int n) {
        if (n == 0 || n >= ALLOWED.length) {
            return new WorkerCpus(0, 0);
        }
        LOCK.lock();
        try {
            int choices = Math.ceilDiv(ALLOWED.length, n); // each begins where the one before ends, so few overlap
            int start = ThreadLocalRandom.current().nextInt(choices);
            int best = start * n;
            for (int i = 1; i < choices; i++) {
                int other = (start + i) % choices * n;
                if (users(other, n) < users(best, n)) {
                    best = other;
                }
            }
            add(best, n, 1);
            return new WorkerCpus(best, n);
        } finally {
            LOCK.unlock();
        }
    }

    private static int users(int first, int n) {
        int sum = 0;
        for (int i = 0; i < n; i++) {
            sum += USERS[(first + i) % USERS.length];
        }
        return sum;
    }

    private static void add(int first, int n, int users) {
        for (int i = 0; i < n; i++) {
            USERS[(first + i) % USERS.length] += users;
        }
    }

    /**
     * Confines the worker.
     *
     * @param pid its process id
     */
    public void confine(long pid) {
        if (count > 0) {
            BitSet cpus = new BitSet();
            for (int i = 0; i < count; i++) {
                cpus.set(ALLOWED[(first + i) % ALLOWED.length]);
            }
            CpuAffinity.confineProcess(pid, cpus);
        }
    }

    /** The worker has ended. */
    @Override
    public void close() {
        LOCK.lock();
        try {
            add(first, count, -1);
        } finally {
            LOCK.unlock();
        }
    }
}
