package dev.heddle.internal.channel;

import dev.heddle.internal.channel.Selectable.Done;
import dev.heddle.internal.channel.Selectable.Operation;
import dev.heddle.internal.channel.Waiter.Outcome;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
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

    private final Branch[] branches;

    /** The waiter whose operation it is going to be. Set once. */
    private volatile @Nullable Branch claimed;

    /** @param operations of which to do one */
    protected Selection(List<Operation> operations) {
        branches = new Branch[operations.size()];
        for (int i = 0; i < branches.length; i++) {
            branches[i] = new Branch(this, i, operations.get(i));
        }
    }

    /** One of the operations. */
    public static final class Branch extends Waiter<Object> {
        private final Selection selection;
        private final int index;
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
    static List<ChannelLock> locks(List<? extends Port<?>> ports) {
        return ports.stream()
                .map(Port::lock)
                .distinct()
                .sorted(Comparator.comparingLong(lock -> lock.order))
                .toList();
    }

    /**
     * Does one of the operations, if one is possible now; each that is possible has the same chance.
     *
     * @param random decides
     * @return the one, or null
     */
    public @Nullable Branch tryNow(RandomGenerator random) {
        for (int left = branches.length; left > 0; left--) {
            int i = random.nextInt(left);
            Branch branch = branches[i];
            branches[i] = branches[left - 1]; // a random order, as far as it is needed
            branches[left - 1] = branch;
            branch.port.lock().lock();
            try {
                branch.port.attempt(branch);
            } finally {
                branch.port.lock().unlock();
            }
            if (branch.outcome() != Outcome.WAITING) {
                branch.wakeEnded();
                return branch;
            }
        }
        return null;
    }

    /**
     * Does one of the operations, or has all of them wait.
     *
     * @param locks of all ports at least
     * @return the one; null if the selection will be woken, or must be {@link #withdraw}n
     */
    @Nullable
    Branch begin(List<ChannelLock> locks) {
        Branch done = null;
        int taken = 0;
        try {
            for (; taken < locks.size(); taken++) {
                locks.get(taken).lock();
            }
            for (int i = 0; i < branches.length && done == null; i++) {
                branches[i].port.attempt(branches[i]);
                done = branches[i].outcome() == Outcome.WAITING ? null : branches[i];
            }
            for (int i = 0; i < branches.length && done == null; i++) {
                branches[i].port.enqueue(branches[i]);
            }
        } finally {
            while (taken > 0) {
                locks.get(--taken).unlock();
            }
        }
        if (done != null) {
            done.wakeEnded();
        }
        return done;
    }

    /**
     * Does one of the operations, or has all of them wait.
     *
     * @return the one; null if the selection will be woken, or must be {@link #withdraw}n
     */
    public @Nullable Branch begin() {
        return begin(locks(Arrays.stream(branches).map(branch -> branch.port).toList()));
    }

    /** {@return whether one of the operations that wait has been done} */
    protected final boolean isDecided() {
        Branch branch = claimed;
        return branch != null && branch.outcome() != Outcome.WAITING;
    }

    /** Ends all waits: {@return the operation that was done, or null if none was and none will be} */
    public @Nullable Branch withdraw() {
        for (Branch branch : branches) {
            branch.port.cancel(branch);
        }
        return claimed;
    }

    @Override
    public String toString() {
        Branch[] inOrder = branches.clone();
        Arrays.sort(inOrder, Comparator.comparingInt(branch -> branch.index));
        StringBuilder text = new StringBuilder("select among:");
        for (Branch branch : inOrder) {
            text.append(branch.index == 0 ? " " : ", ")
                    .append(branch.isSender ? "send to " : "receive from ")
                    .append(branch.port);
        }
        return text.toString();
    }
}
