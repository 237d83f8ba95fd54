package dev.heddle.internal.lock;

import dev.heddle.internal.Parker;
import dev.heddle.internal.vthread.VirtualThreads;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The global locks that a thread holds: the one seam through which Heddle's own primitives leave them while a thread waits.
 *
 * <p>Problem: a thread that waits for a channel must let others execute who will send, whatever it holds: the lock of its heddle,
 * and locks of libraries beside it. Rejected: to leave but the last one taken; to remember in each lock who has left it. Approach: a
 * thread knows its locks; whoever is about to wait {@linkplain #leave leaves} them all, and comes back afterwards. The code in
 * between has none, and so may take any, the same ones too.
 *
 * <p>A virtual thread of a GREEN heddle with a global lock has that one while it is mounted, see {@link CarriedLock}, and not here.
 *
 * <p>The race that matters is that of two threads that hold one lock each and want that of the other. Nobody waits for a lock who
 * holds one that comes later, in the order in which the locks were made, with those of carriers last: a thread that finds a lock
 * taken leaves all it has, and takes them again one by one in that order. There is no order between two locks of carriers, of which
 * a thread has two only where a task of one GREEN heddle runs one of another in the caller.
 *
 * <p>All of an object belongs to its thread.
 */
public final class HeldLocks implements Left {
    private static final ThreadLocal<@Nullable HeldLocks> OF_THREAD = new ThreadLocal<>();

    /**
     * Whether any thread has ever held a lock in this way: if not, there is nothing to look for. Plain, since a thread that holds one
     * has written it.
     */
    private static boolean used;

    /** Whether there is a scheduler with a lock. Plain: it is written before that one's first thread is started. */
    private static boolean carried;

    private record Held(TimeSlicedLock lock, @Nullable LockCounts counts) {}

    private final long id = Thread.currentThread().threadId();

    /** In the order of the locks. */
    private final List<Held> locks = new ArrayList<>(1);

    /** What was left beside these, or null. */
    private @Nullable CarriedLock leftCarried;

    private HeldLocks() {}

    /** There will be a scheduler with a lock. */
    public static void willBeCarried() {
        carried = true;
    }

    /**
     * Calls code with the lock held. If the calling thread holds it already, that is a plain call.
     *
     * @param lock the lock
     * @param counts counts what the thread does with it, or null
     * @param code what to call
     * @return its result
     * @param <T> the type of the result
     * @throws Exception what the code throws
     */
    public static <T extends @Nullable Object> T hold(
            TimeSlicedLock lock, @Nullable LockCounts counts, Callable<? extends T> code) throws Exception {
        if (holds(lock)) {
            return code.call();
        }
        used = true;
        HeldLocks mine = OF_THREAD.get();
        if (mine == null) {
            mine = new HeldLocks();
        }
        mine.add(new Held(lock, counts));
        try {
            return code.call();
        } finally {
            mine.remove(lock);
        }
    }

    /** {@return whether the calling thread holds the lock} */
    public static boolean holds(TimeSlicedLock lock) {
        HeldLocks mine = used ? OF_THREAD.get() : null;
        return mine != null && mine.locks.stream().anyMatch(held -> held.lock == lock);
    }

    private void add(Held added) {
        boolean taken = added.lock.tryTake(id, added.counts, 0);
        if (!taken) {
            requireCanComeBack();
        }
        OF_THREAD.set(this);
        if (!taken) {
            leave(false);
        }
        locks.add(added);
        locks.sort(Comparator.comparingLong(held -> held.lock.order));
        if (!taken) {
            comeBack();
        }
    }

    private void remove(TimeSlicedLock lock) {
        locks.removeIf(held -> held.lock == lock);
        if (locks.isEmpty()) {
            OF_THREAD.remove();
        }
        lock.drop(id, false);
    }

    // ---- leaving

    /**
     * Leaves all locks that the calling thread holds.
     *
     * @param handOver whether others shall have them first if any wait
     * @return to come back to them; null if the thread holds none
     */
    public static @Nullable Left leave(boolean handOver) {
        HeldLocks mine = used ? OF_THREAD.get() : null;
        if (mine != null) {
            requireCanComeBack();
        }
        CarriedLock beside = carriedLock();
        boolean leftBeside = beside != null && beside.leave(handOver);
        if (mine == null) {
            return leftBeside ? beside : null;
        }
        OF_THREAD.remove();
        mine.leftCarried = leftBeside ? beside : null;
        for (Held held : mine.locks) {
            held.lock.drop(mine.id, handOver);
        }
        return mine;
    }

    /** Throws a sentence if the calling thread could not wait to come back: a fiber with native code on its stack. */
    private static void requireCanComeBack() {
        RuntimeException reason = Parker.current().cannotPark();
        if (reason != null) {
            throw reason;
        }
    }

    private static @Nullable CarriedLock carriedLock() {
        if (!carried) {
            return null;
        }
        Thread me = Thread.currentThread();
        return me.isVirtual() && VirtualThreads.ownerOf(me) instanceof CarriedLock lock ? lock : null;
    }

    @Override
    public void comeBack() {
        CarriedLock beside = carriedLock();
        for (Held held : locks) {
            if (!held.lock.tryTake(id, held.counts, 0)) {
                if (beside != null && beside.leave(false)) { // it was taken for us when we were mounted
                    leftCarried = beside;
                }
                held.lock.take(id, Parker.current(), held.counts, 0);
            }
        }
        OF_THREAD.set(this);
        CarriedLock last = leftCarried;
        if (last != null) {
            leftCarried = null;
            last.comeBack();
        }
    }

    // ---- checkpoints

    /**
     * Lets others have those locks of the calling thread that are requested. Called if any lock is.
     *
     * @see TimeSlicedLock#anyRequested
     */
    public static void checkpoint() {
        HeldLocks mine = used ? OF_THREAD.get() : null;
        if (mine != null && Parker.current().cannotPark() == null && mine.heed()) {
            Left left = leave(false);
            if (left != null) {
                left.comeBack();
            }
        }
        CarriedLock beside = carriedLock();
        if (beside != null) {
            beside.checkpoint();
        }
    }

    private boolean heed() {
        boolean any = false;
        for (Held held : locks) {
            any |= held.lock.heed(id);
        }
        return any;
    }
}
