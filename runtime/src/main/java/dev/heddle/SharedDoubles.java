package dev.heddle;

import dev.heddle.internal.memory.DoubleArray;
import java.io.Serializable;

/**
 * An array of doubles in {@link SharedMemory}, made by {@link Heddle#sharedDoubles}: all tasks of the heddle see the same elements, in
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
public sealed interface SharedDoubles extends Serializable permits DoubleArray {
    /** {@return how many elements it has; may be more than an int holds} */
    long length();

    /**
     * {@return an element}
     *
     * @param index of the element, from 0
     */
    double get(long index);

    /**
     * Sets an element.
     *
     * @param index of the element
     * @param value the new value
     */
    void set(long index, double value);

    /**
     * {@return an element} What was done before a {@link #setRelease} of this value is seen from here on.
     *
     * @param index of the element
     */
    double getAcquire(long index);

    /**
     * Sets an element after all that the calling thread did before.
     *
     * @param index of the element
     * @param value the new value
     */
    void setRelease(long index, double value);

    /**
     * Sets an element if it has the expected value. Values are compared by their bits: 0.0 and -0.0 differ, and a NaN
     * equals itself.
     *
     * @param index of the element
     * @param expected the value that it must have
     * @param value the new value
     * @return whether it had it, and so was set
     */
    boolean compareAndSet(long index, double expected, double value);

    /**
     * Adds to an element. Processors cannot do that at once for doubles, so it tries until nobody has come in between.
     *
     * @param index of the element
     * @param delta what to add
     * @return the value before
     */
    double getAndAdd(long index, double delta);

    /** {@return the memory in which the elements lie one after the other, in the byte order of the machine} For bulk copies. */
    SharedMemory memory();
}
