package dev.heddle.testing;

import dev.heddle.Heddle;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The rules of every concurrent test here, which are those of the JDK's JSR166TestCase:
 *
 * <ul>
 *   <li>a failure in a thread that a test has {@linkplain #spawn spawned} fails the test, and no such thread is left;
 *   <li>a wait for something that must happen ends after {@link #LONG} at the latest; a wait that shows that something
 *       does not happen lasts {@link #SHORT}. On a slow machine {@code -Dheddle.test.delayFactor=4} stretches all;
 *   <li>a wedged test prints the stacks of all threads, virtual ones included, and fails;
 *   <li>nobody sleeps to let something happen: {@link #eventually} watches for it.
 * </ul>
 */
@ExtendWith(WedgedTest.class)
public abstract class HeddleTest {
    private static final double DELAY_FACTOR = Double.parseDouble(System.getProperty("heddle.test.delayFactor", "1"));

    /** Long enough for what can happen at once to have happened. */
    public static final Duration SHORT = scaled(50);

    /** Some slices of the operating system's scheduler. */
    public static final Duration SMALL = scaled(250);

    /** Long enough for measuring processor time. */
    public static final Duration MEDIUM = scaled(500);

    /** Longer than anything here takes. */
    public static final Duration LONG = scaled(20_000);

    private final List<Thread> spawned = new CopyOnWriteArrayList<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    private static Duration scaled(long millis) {
        return Duration.ofMillis(Math.round(millis * DELAY_FACTOR));
    }

    /** Code that may throw. */
    @FunctionalInterface
    public interface Code {
        /**
         * Runs it.
         *
         * @throws Exception any failure
         */
        void run() throws Exception;
    }

    /**
     * Runs code in an OS thread of its own, which is no task of any heddle.
     *
     * @param code what it throws fails the test
     * @return the thread, started
     */
    protected final Thread spawn(Code code) {
        Thread thread = Thread.ofPlatform()
                .daemon()
                .name("spawned-" + spawned.size())
                .unstarted(() -> {
                    try {
                        code.run();
                    } catch (Throwable t) { // whatever it is, the test has failed
                        failures.add(t);
                    }
                });
        spawned.add(thread);
        thread.start();
        return thread;
    }

    /**
     * Notes a failure that happened where nobody can catch it.
     *
     * @param failure fails the test
     */
    protected final void fails(Throwable failure) {
        failures.add(failure);
    }

    /**
     * Waits until the condition holds, letting the fibers that the calling thread owns run meanwhile.
     *
     * @param what the condition in words
     * @param condition looked at again and again
     */
    public static void eventually(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > LONG.toNanos()) {
                throw new AssertionError("not within " + LONG.toMillis() + " ms: " + what);
            }
            Heddle.yield();
            LockSupport.parkNanos(100_000);
        }
    }

    @AfterEach
    final void spawnedThreadsHaveEndedWell() throws InterruptedException {
        for (Thread thread : spawned) {
            if (!thread.join(LONG)) {
                AssertionError left = new AssertionError(thread + " is left over");
                left.setStackTrace(thread.getStackTrace());
                failures.add(left);
                thread.interrupt();
            }
        }
        Throwable first = failures.poll();
        if (first != null) {
            AssertionError report = new AssertionError("a thread beside the test failed: " + first, first);
            failures.forEach(report::addSuppressed);
            throw report;
        }
    }
}
