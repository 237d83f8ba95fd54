package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Heddle;
import dev.heddle.HeddleBuilder;
import dev.heddle.Model;
import dev.heddle.Stats;
import dev.heddle.testing.HeddleTest;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A behaviour that every model has, or is exempt from by {@link Exemption}.
 *
 * <p>The jobs of these tests run in other processes as well, so they capture only channels, numbers and the like, never
 * the test. The test's own thread owns the fibers: it waits only in joins and channels.
 */
@ParameterizedClass(name = "{0}")
@EnumSource(Subject.class)
abstract class ContractTest extends HeddleTest {
    /** Opened by the first test that asks for it; processes take a while to start. */
    private static Heddle shared;

    private static final Queue<Throwable> UNCAUGHT = new ConcurrentLinkedQueue<>();

    @Parameter
    Subject subject;

    /** The subject's. */
    Model model;

    @BeforeEach
    final void setModel() {
        model = subject.model;
    }

    /** {@return whether the subject is exempt; the test then asserts what it does instead} */
    final boolean exempt(Exemption exemption) {
        return exemption.subjects().contains(subject);
    }

    /** {@return a heddle with two processors that the tests of the class share; not to be closed} */
    final Heddle heddle() {
        if (shared == null) {
            shared = open(options -> options.processors(2));
        }
        return shared;
    }

    /** {@return a heddle for the caller to close; a failure that goes to its uncaught handler fails the test} */
    final Heddle open(UnaryOperator<HeddleBuilder> options) {
        return options.apply(subject.builder().uncaughtHandler((task, failure) -> UNCAUGHT.add(failure)))
                .open();
    }

    /** Waits until so many tasks wait for something. */
    final void awaitWaiting(Heddle heddle, int count) {
        int[] inARow = {0
        }; // a task on its way from a queue to its carrier is in neither for a moment, and counts as waiting
        eventually(count + " tasks wait", () -> {
            inARow[0] = heddle.stats().parked() == count ? inARow[0] + 1 : 0;
            return inARow[0] == 3;
        });
    }

    /** Waits until so many tasks wait for a mutex or semaphore, and stand in line there. */
    final void awaitAcquiring(Heddle heddle, int count) {
        awaitWaiting(heddle, count);
        if (exempt(Exemption.SHARED_MEMORY)) {
            eventually(count + " tasks stand in line", () -> acquiring(heddle.dump()) == count);
        }
    }

    private static int acquiring(String dump) {
        return dump.lines()
                .filter(line -> line.contains(" waits to acquire "))
                .mapToInt(line -> line.startsWith("task ") ? 1 : Integer.parseInt(line.split(" ", 2)[0]))
                .sum();
    }

    /** Waits until the code of every task has ended. */
    static void awaitIdle(Heddle heddle) {
        eventually("every task has ended", () -> {
            Stats stats = heddle.stats();
            return stats.started() == stats.completed();
        });
    }

    @AfterEach
    final void theTestHasLeftNothingBehind() {
        try {
            if (shared != null) {
                awaitIdle(shared);
            }
            assertThat(UNCAUGHT).as("failures that nobody joined").isEmpty();
        } catch (AssertionError e) {
            Heddle broken = shared;
            shared = null;
            if (broken != null) {
                broken.shutdownNow();
            }
            throw e;
        } finally {
            UNCAUGHT.clear();
        }
    }

    @AfterParameterizedClassInvocation
    static void closeShared() {
        Heddle heddle = shared;
        shared = null;
        if (heddle != null) {
            heddle.close();
        }
    }
}
