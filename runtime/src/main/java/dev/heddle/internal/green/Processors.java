package dev.heddle.internal.green;

import dev.heddle.WaitHistogram;
import dev.heddle.internal.Parker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The processors of a scheduler: which there are, which are idle; their number changes while they run tasks.
 *
 * <p>Problem: to have fewer processors without stopping anything. Rejected: stopping the world, as Go does. Approach: a
 * processor too many is marked as dropped, and its owner, whoever that is by then, moves its work to the global queue and
 * forgets it: a carrier at its task's next switch, the Monitor if that does not come, a popper of the idle stack. Until then
 * others can steal from it.
 *
 * <p>The race that matters is a processor that stops being idle while it is dropped: {@link #pop} first marks it as not idle
 * and then looks whether it was dropped; {@link #resize} first marks it as dropped and then empties the stack. Another is one that
 * becomes idle while it is dropped: {@link #push} looks whether it was, after it is in the stack.
 */
final class Processors {
    private static final VarHandle ALL;

    static {
        try {
            ALL = MethodHandles.lookup().findVarHandle(Processors.class, "all", Processor[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int ringCapacity;
    private final Queue<Runnable> global;
    private final Parker clock;

    /** All that may hold work: those in use, and dropped ones that their owner has not seen yet. Copied on change. */
    private volatile Processor[] all = new Processor[0];

    private final IdleStack<Processor> idle = new IdleStack<>();

    /** How many there should be. */
    private volatile int size;

    /** How many were ever made; only {@link #resize} uses it. */
    private int made;

    // What those have counted that are gone.
    private final LongAdder goneSwitches = new LongAdder();
    private final Waits goneWaits = new Waits();

    /**
     * @param ringCapacity tasks in the queue of each
     * @param global where the work of dropped ones goes
     * @param clock for measuring waits
     */
    Processors(int ringCapacity, Queue<Runnable> global, Parker clock) {
        this.clock = clock;
        this.ringCapacity = ringCapacity;
        this.global = global;
    }

    /** {@return all that may hold work; not to be changed} */
    Processor[] all() {
        return all;
    }

    int size() {
        return size;
    }

    // ---- idle ones

    boolean anyIdle() {
        return !idle.isEmpty();
    }

    /** {@return one that was idle, owned by the caller now, or null} */
    @Nullable
    Processor pop() {
        while (true) {
            Processor processor = idle.pop();
            if (processor == null) {
                return null;
            }
            processor.idle = false; // before dropped is read; pairs with resize
            if (!processor.dropped) {
                return processor;
            }
            drop(processor);
        }
    }

    /** @param processor owned by the caller, and without work */
    void push(Processor processor) {
        processor.queue.clear();
        processor.forSearch = false;
        processor.idle = true;
        idle.push(processor);
        if (processor.dropped) { // after the push; pairs with resize, which may have emptied the stack before
            popAll().forEach(this::push);
        }
    }

    /** {@return those that were idle, without the dropped ones, which are gone then; owned by the caller} */
    private List<Processor> popAll() {
        List<Processor> popped = new ArrayList<>();
        for (Processor processor = pop(); processor != null; processor = pop()) {
            popped.add(processor);
        }
        return popped;
    }

    // ---- the number

    /**
     * Changes the number. Calls must not overlap.
     *
     * @param n the new number
     */
    void resize(int n) {
        List<Processor> inUse = Arrays.stream(all).filter(p -> !p.dropped).toList();
        size = n;
        List<Processor> free = new ArrayList<>();
        for (int i = inUse.size(); i < n; i++) {
            Processor added = new Processor(made++, ringCapacity, clock);
            add(added);
            free.add(added);
        }
        for (int i = n; i < inUse.size(); i++) {
            inUse.get(i).dropped = true;
        }
        free.addAll(popAll());
        free.forEach(this::push);
    }

    private void add(Processor added) {
        Processor[] before;
        Processor[] after;
        do {
            before = all;
            after = Arrays.copyOf(before, before.length + 1);
            after[before.length] = added;
        } while (!ALL.compareAndSet(this, before, after));
    }

    /** @param processor was dropped; owned by the caller, who does not use it any more */
    void drop(Processor processor) {
        processor.drain(global);
        goneSwitches.add(processor.switches());
        goneWaits.addAll(processor.waits);
        Processor[] before;
        Processor[] after;
        do {
            before = all;
            after = Arrays.stream(before).filter(p -> p != processor).toArray(Processor[]::new);
        } while (!ALL.compareAndSet(this, before, after));
    }

    // ---- observation

    /** {@return whether the queue of a processor holds work; run-next slots do not count} */
    boolean anyQueued() {
        for (Processor processor : all) {
            if (processor.queue.size() > 0) {
                return true;
            }
        }
        return false;
    }

    boolean allIdle() {
        for (Processor processor : all) {
            if (!processor.idle) {
                return false;
            }
        }
        return true;
    }

    long switches() {
        long sum = goneSwitches.sum();
        for (Processor processor : all) {
            sum += processor.switches();
        }
        return sum;
    }

    WaitHistogram waits() {
        Waits sum = new Waits();
        sum.addAll(goneWaits);
        for (Processor processor : all) {
            sum.addAll(processor.waits);
        }
        return sum.histogram();
    }

    int lent() {
        int sum = 0;
        for (Processor processor : all) {
            sum += processor.isLent() ? 1 : 0;
        }
        return sum;
    }

    int busy() {
        int sum = 0;
        for (Processor processor : all) {
            sum += processor.idle ? 0 : 1;
        }
        return sum;
    }

    int waiting() {
        int sum = 0;
        for (Processor processor : all) {
            sum += processor.waiting();
        }
        return sum;
    }
}
