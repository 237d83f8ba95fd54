package dev.heddle.internal.channel;

import dev.heddle.internal.channel.Selectable.Done;
import dev.heddle.internal.channel.Selectable.Operation;
import dev.heddle.internal.channel.Waiter.Outcome;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Comparator;
import java.util.List;
import java.util.StringJoiner;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One run of a select: of several operations, does the first that is possible, and no other.
 *
 * <p>Problem: to wait at several channels and yet take part in one operation only. Rejected: to register at one channel after the
 * other and to claim oneself for each that is found ready, where two selects that meet must both be claimed at once. Approach:
 * Go's. If none of the operations is possible at a glance, all channels are locked, in one order for everybody, and looked at
 * once more; if there is still none, a waiter enters the queue of each. Whoever takes one of the waiters out of its queue must
 * {@linkplain Waiter#claim claim} the selection, by a compare-and-set, and passes over it if another was first. A selection
 * that does an operation itself is in no queue at that time, so it has to claim the other side only.
 *
 * <p>The race that matters is one that gives up against one that completes it: {@link #withdraw} takes every waiter out under its
 * channel's lock. If none has been claimed by then, none ever will be; if one has, it has its outcome by then, too.
 */
public abstract class Selection {
    private static final VarHandle CLAIMED;

    static {
        try {
            CLAIMED = MethodHandles.lookup().findVarHandle(Selection.class, "claimed", Branch.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Made as they are needed; null where an operation is left out. */
    private final @Nullable Branch[] branches;

    /** The waiter whose operation it is going to be. Set once. */
    private volatile @Nullable Branch claimed;

    /** @param size how many operations there are */
    protected Selection(int size) {
        branches = new Branch[size];
    }

    /**
     * {@return an operation, or null if it is left out} Asked once at most for each.
     *
     * @param i which, from 0
     */
    protected abstract @Nullable Operation operation(int i);

    /** One of the operations. */
    public static final class Branch extends Waiter<Object> {
        final int index;
        private final Selection selection;
        private final Port<Object> port;

        @SuppressWarnings("unchecked") // its elements have been, or will be, converted from and to its type
        private Branch(Selection selection, int index, Operation operation) {
            super(operation.element());
            this.selection = selection;
            this.index = index;
            this.port = (Port<Object>) operation.channel().port();
        }

        /** {@return what was done, once it has an outcome} */
        public Done done() {
            return new Done(index, outcome(), element(), outcome() == Outcome.CLOSED ? port.cause() : null);
        }

        @Override
        boolean claim() {
            return CLAIMED.compareAndSet(selection, null, this);
        }

        @Override
        protected void wake() {
            selection.wake();
        }
    }

    /** As {@link Waiter#wake}. */
    protected abstract void wake();

    /**
     * {@return the locks of the ports, each once, in the order in which all selections take them}
     *
     * @param ports of a select
     */
    public static List<ChannelLock> locks(List<? extends Port<?>> ports) {
        return ports.stream()
                .map(Port::lock)
                .distinct()
                .sorted(Comparator.comparingLong(lock -> lock.order))
                .toList();
    }

    /**
     * Does one of the operations, if one is possible now; each that is possible has the same chance. The channels are looked at one
     * after the other: that none was possible when it was looked at does not mean that there was a moment at which none was.
     *
     * @param random decides
     * @param order the numbers of all operations, in any order; it is changed
     * @return the one, or null
     */
    public @Nullable Branch tryNow(RandomGenerator random, int[] order) {
        for (int left = order.length; left > 0; left--) {
            int drawn = left == 1 ? 0 : random.nextInt(left);
            int i = order[drawn];
            order[drawn] = order[left - 1]; // a random order, as far as it is needed
            order[left - 1] = i;
            Operation operation = operation(i);
            if (operation != null) {
                Branch branch = new Branch(this, i, operation);
                branches[i] = branch;
                if (branch.port.tryNow(branch) != Outcome.WAITING) {
                    return branch;
                }
            }
        }
        return null;
    }

    /**
     * Does one of the operations, if there is a moment at which one is possible.
     *
     * @param locks of all ports at least
     * @param order as {@link #tryNow} has left it, which has found nothing to do
     * @param orWait whether all operations shall wait otherwise; then the selection will be woken, or must be {@link #withdraw}n
     * @return the one, or null
     */
    public @Nullable Branch atOneMoment(List<ChannelLock> locks, int[] order, boolean orWait) {
        Branch done = null;
        lock(locks);
        try {
            done = attemptAll(order);
            if (done == null && orWait) {
                enqueueAll();
            }
        } finally {
            unlock(locks, locks.size());
        }
        for (Branch branch : branches) {
            if (branch != null) {
                branch.wakeEnded(); // also where it has to wait itself
            }
        }
        return done;
    }

    private @Nullable Branch attemptAll(int[] order) {
        for (int i : order) {
            Branch branch = branches[i];
            if (branch != null) {
                branch.port.attempt(branch);
                if (branch.outcome() != Outcome.WAITING) {
                    return branch;
                }
            }
        }
        return null;
    }

    private void enqueueAll() {
        for (Branch branch : branches) {
            if (branch != null) {
                branch.port.enqueue(branch);
            }
        }
    }

    /** Holds none while it waits for one. */
    private static void lock(List<ChannelLock> locks) {
        for (int taken = 0; taken < locks.size(); ) {
            ChannelLock next = locks.get(taken);
            if (next.lockSoon()) {
                taken++;
            } else {
                unlock(locks, taken);
                taken = 0;
                next.lock();
                next.unlock();
            }
        }
    }

    private static void unlock(List<ChannelLock> locks, int taken) {
        for (int i = taken; i > 0; i--) {
            locks.get(i - 1).unlock();
        }
    }

    /** {@return whether one of the operations that wait has been done} */
    protected final boolean isDecided() {
        Branch branch = claimed;
        return branch != null && branch.outcome() != Outcome.WAITING;
    }

    /** Ends all waits: {@return the operation that was done, or null if none was and none will be} */
    public @Nullable Branch withdraw() {
        for (Branch branch : branches) {
            if (branch != null) {
                branch.port.cancel(branch);
            }
        }
        return claimed;
    }

    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(", ", "select among: ", "");
        for (Branch branch : branches) {
            if (branch != null) {
                text.add((branch.isSender ? "send to " : "receive from ") + branch.port);
            }
        }
        return text.toString();
    }
}
