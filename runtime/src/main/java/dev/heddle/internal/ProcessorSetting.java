package dev.heddle.internal;

import dev.heddle.Heddle;
import dev.heddle.internal.os.Machine;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;

/**
 * The number of processors of a heddle: as many as the CPUs that this JVM may use, which change where a container's limits do,
 * until it is set by hand. As Go does, the CPUs are looked at once a second at most, and only while there is work.
 */
public final class ProcessorSetting {
    private static final long LOOK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Machine machine;
    private final IntSupplier present;
    private final IntUnaryOperator resize;

    /** Held while the number changes. */
    private final ReentrantLock resizing = new ReentrantLock();

    /** Whether it follows the CPUs. Changed under the lock. */
    private volatile boolean auto;

    private volatile long lookedAt = System.nanoTime();

    /**
     * @param auto whether it follows the CPUs at first
     * @param present tells the present number
     * @param resize sets it and returns the previous; calls do not overlap
     */
    ProcessorSetting(Machine machine, boolean auto, IntSupplier present, IntUnaryOperator resize) {
        this.machine = machine;
        this.auto = auto;
        this.present = present;
        this.resize = resize;
    }

    /**
     * @param n a number of processors from a user
     * @return the same
     * @throws IllegalArgumentException if it is out of range
     */
    public static int require(int n) {
        if (n < 1 || n > Heddle.MOST_PROCESSORS) {
            throw new IllegalArgumentException(
                    "processors(" + n + "): a heddle needs at least 1 processor to run its tasks, and can have "
                            + Heddle.MOST_PROCESSORS + "; processors() without an argument only reads the number");
        }
        return n;
    }

    /** {@return the previous number} */
    int set(int n) {
        resizing.lock();
        try {
            auto = false;
            return resize.applyAsInt(n);
        } finally {
            resizing.unlock();
        }
    }

    /** {@return the previous number} From now on it follows the CPUs. */
    int setAuto() {
        resizing.lock();
        try {
            auto = true;
            return resizeToCpus();
        } finally {
            resizing.unlock();
        }
    }

    /** Looks for a change of the number of CPUs, if that is due. Does not wait. */
    void follow() {
        long now = System.nanoTime();
        if (auto && now - lookedAt >= LOOK_EVERY_NANOS && resizing.tryLock()) {
            try {
                lookedAt = now;
                if (auto) {
                    resizeToCpus();
                }
            } finally {
                resizing.unlock();
            }
        }
    }

    private int resizeToCpus() {
        int previous = present.getAsInt();
        int n = Math.min(machine.cpus(), Heddle.MOST_PROCESSORS);
        return n == previous ? previous : resize.applyAsInt(n);
    }
}
