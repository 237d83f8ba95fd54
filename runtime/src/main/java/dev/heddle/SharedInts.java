package dev.heddle;

import dev.heddle.internal.memory.IntArray;
import java.io.Serializable;

/**
 * An array of ints in {@link SharedMemory}, made by {@link Heddle#sharedInts}: all tasks of the heddle see the same elements, in
 * every model. It begins with zeros.
 *
 * <p>{@link #get} and {@link #set} are plain accesses, as those of an ordinary array: nothing orders them between tasks. What a
 * task did before {@link #setRelease} is seen by whoever has read that value with {@link #getAcquire}. {@link #compareAndSet}
 * and {@link #getAndAdd} are atomic, and order as a volatile read and write do; so a loss of updates between tasks is not
 * possible, in whichever processes they run.
 *
 * <p>All methods may be called from any thread; they throw an {@link IndexOutOfBoundsException} for an index outside of the
 * array and an {@link IllegalStateException} once the heddle has been closed.
 */
public sealed interface SharedInts extends Serializable permits IntArray {
    /** {@return how many elements it has; may be more than an int holds} */
    long length();

    /**
     * {@return an element}
     *
     * @param index of the element, from 0
     */
    int get(long index);

    /**
     * Sets an element.
     *
     * @param index of the element
     * @param value the new value
     */
    void set(long index, int value);

    /**
     * {@return an element} What was done before a {@link #setRelease} of this value is seen from here on.
     *
     * @param index of the element
     */
    int getAcquire(long index);

    /**
     * Sets an element after all that the calling thread did before.
     *
     * @param index of the element
     * @param value the new value
     */
    void setRelease(long index, int value);

    /**
     * Sets an element if it has the expected value.
     *
     * @param index of the element
     * @param expected the value that it must have
     * @param value the new value
     * @return whether it had it, and so was set
     */
    boolean compareAndSet(long index, int expected, int value);

    /**
     * Adds to an element.
     *
     * @param index of the element
     * @param delta what to add
     * @return the value before
     */
    int getAndAdd(long index, int delta);

    /** {@return the memory in which the elements lie one after the other, in the byte order of the machine} For bulk copies. */
    SharedMemory memory();
}
