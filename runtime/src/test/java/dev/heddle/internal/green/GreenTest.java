package dev.heddle.internal.green;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Model;
import dev.heddle.internal.TestOptions;
import dev.heddle.internal.green.GreenScheduler.Tuning;
import dev.heddle.internal.trace.Trace;
import dev.heddle.testing.HeddleTest;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Opens green heddles with unusual insides. */
abstract class GreenTest extends HeddleTest {
    static final Tuning USUAL = Tuning.DEFAULT;

    static GreenHeddle open(int processors) {
        return open(processors, USUAL, Trace.OFF);
    }

    static GreenHeddle open(int processors, Tuning tuning, Trace trace) {
        return new GreenHeddle(TestOptions.of(Model.GREEN, processors, TestOptions.traced(trace)), tuning);
    }

    /** Few of everything, so that a short test comes to every edge. */
    static Tuning tiny(int spareCarriers) {
        return new Tuning(4, spareCarriers, TimeUnit.MILLISECONDS.toNanos(50));
    }

    /** Computes, without a switch, until told to stop. */
    static void spin(AtomicBoolean stop) {
        while (!stop.get()) {
            Thread.onSpinWait();
        }
    }

    /** At rest, and nothing was lost on the way. */
    static void assertDrained(GreenHeddle heddle) {
        assertThat(heddle.scheduler().running()).isZero();
        assertThat(heddle.scheduler().runnable()).isZero();
    }
}
