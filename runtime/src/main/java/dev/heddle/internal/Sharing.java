package dev.heddle.internal;

import dev.heddle.Broadcast;
import dev.heddle.Channel;
import dev.heddle.Overflow;
import dev.heddle.Pipe;
import dev.heddle.internal.channel.QueueBroadcast;
import dev.heddle.internal.channel.QueueChannel;
import dev.heddle.internal.channel.QueuePipe;
import dev.heddle.internal.memory.Memories;
import dev.heddle.internal.memory.MemoryCore;
import dev.heddle.internal.permit.LocalPermits;
import dev.heddle.internal.permit.MutexCore;
import dev.heddle.internal.permit.Permits;
import dev.heddle.internal.permit.SemaphoreCore;
import dev.heddle.internal.trace.Trace;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * Makes what the tasks of a heddle share: channels, pipes, memory and permits. It checks what is asked for, numbers what it makes
 * and frees the memory. What it makes is for tasks of this JVM; where they are in others, a subclass makes it.
 */
public class Sharing {
    private final String heddle;
    private final Trace trace;
    private final LongFunction<String> threads;
    private final Memories memories;
    private final AtomicLong permitNumbers = new AtomicLong();

    /** For traces. */
    private final AtomicLong channelNumbers = new AtomicLong();

    /**
     * @param heddle its name
     * @param trace its trace
     * @param threads says what a thread of this JVM is or executes, for dumps
     */
    protected Sharing(String heddle, Trace trace, LongFunction<String> threads) {
        this.heddle = heddle;
        this.trace = trace;
        this.threads = threads;
        this.memories = new Memories(heddle);
    }

    // ---- channels

    /** See {@link dev.heddle.Heddle#channel(int, Overflow)}. */
    final <E> Channel<E> channel(int capacity, Overflow overflow) {
        Objects.requireNonNull(overflow);
        if (capacity < 0) {
            throw new IllegalArgumentException("channel(" + capacity + "): a capacity is 0, where every send waits for"
                    + " its receiver, or more");
        }
        if (capacity == 0 && overflow != Overflow.BLOCK) {
            throw new IllegalArgumentException("channel(0, Overflow." + overflow + "): a channel without room for an"
                    + " element is always full; give it a capacity of 1 or more, or Overflow.BLOCK");
        }
        return newChannel(capacity, overflow);
    }

    /**
     * Makes a channel.
     *
     * @param capacity at least 0
     * @param overflow what a send does that finds no room
     * @return the channel
     * @param <E> the type of its elements
     */
    protected <E> Channel<E> newChannel(int capacity, Overflow overflow) {
        return trace == Trace.OFF
                ? new QueueChannel<>(capacity, overflow)
                : new QueueChannel<>(capacity, overflow, trace, channelNumbers.incrementAndGet());
    }

    /** See {@link dev.heddle.Heddle#broadcast(int, Overflow)}. */
    final <E> Broadcast<E> broadcast(int capacity, Overflow overflow) {
        if (capacity < 1) {
            throw new IllegalArgumentException("broadcast(" + capacity + "): each subscription needs room for 1 element"
                    + " or more, since nobody can wait for all of them to receive at the same moment");
        }
        return newBroadcast(capacity, Objects.requireNonNull(overflow));
    }

    /**
     * Makes a broadcast.
     *
     * @param capacity at least 1
     * @param overflow what a send does with a subscription that has no room
     * @return the broadcast
     * @param <E> the type of its elements
     */
    protected <E> Broadcast<E> newBroadcast(int capacity, Overflow overflow) {
        return new QueueBroadcast<>(capacity, overflow, trace, channelNumbers::incrementAndGet);
    }

    /**
     * Makes a pipe.
     *
     * @return the pipe
     * @param <E> the type of its elements
     */
    protected <E> Pipe<E> newPipe() {
        return new QueuePipe<>(trace, channelNumbers.incrementAndGet());
    }

    // ---- memory

    /**
     * Makes memory that is there until {@link #free}.
     *
     * @param what the call, for messages
     * @param count how many elements
     * @param each the bytes of one
     * @return the memory
     */
    final MemoryCore memory(String what, long count, long each) {
        return memories.make(what, count, each, this::newMemory);
    }

    /**
     * Makes memory that all tasks see.
     *
     * @param bytes how much, at least 1
     * @return the memory, zeroed
     * @throws IllegalStateException if there is not so much; the message says so
     */
    protected MemoryCore newMemory(long bytes) {
        return MemoryCore.ofThisProcess(heddle, bytes);
    }

    /** Frees all memory; none can be made from now on. */
    final void free() {
        memories.free();
    }

    // ---- permits

    /** See {@link dev.heddle.Heddle#mutex}. */
    final MutexCore mutex() {
        return new MutexCore(newPermits("mutex " + permitNumbers.incrementAndGet() + " of heddle " + heddle, 1));
    }

    /** See {@link dev.heddle.Heddle#semaphore}. */
    final SemaphoreCore semaphore(int permits) {
        if (permits < 1) {
            throw new IllegalArgumentException("semaphore(" + permits
                    + "): without a permit nobody could ever acquire one; make it with 1 or more");
        }
        return new SemaphoreCore(
                newPermits("semaphore " + permitNumbers.incrementAndGet() + " of heddle " + heddle, permits));
    }

    /**
     * Makes permits that all tasks can acquire.
     *
     * @param what they are, for messages and dumps
     * @param total how many
     * @return the permits
     */
    protected Permits newPermits(String what, int total) {
        return new LocalPermits(what, total, threads);
    }
}
