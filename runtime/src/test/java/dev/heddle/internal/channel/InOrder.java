package dev.heddle.internal.channel;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A selection that looks at its operations in their order. */
abstract class InOrder extends Selection {
    private final List<Selectable.Operation> operations;

    InOrder(List<Selectable.Operation> operations) {
        super(operations.size());
        this.operations = operations;
    }

    @Override
    protected Selectable.Operation operation(int i) {
        return operations.get(i);
    }

    /** Does one of the operations, or has all of them wait: {@return the one, or null} */
    @Nullable
    Branch begin(List<ChannelLock> locks) {
        int[] order = IntStream.range(0, operations.size()).toArray();
        Branch branch = tryNow(() -> 0, order);
        return branch != null ? branch : atOneMoment(locks, order, true);
    }
}
