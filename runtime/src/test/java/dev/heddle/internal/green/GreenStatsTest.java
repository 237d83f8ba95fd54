package dev.heddle.internal.green;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Stats;
import dev.heddle.Task;
import dev.heddle.internal.trace.Trace;
import dev.heddle.testing.ChildJvm;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What can be observed of green threads. */
@SuppressWarnings("serial") // these jobs stay in this JVM
class GreenStatsTest extends GreenTest {
    @Test
    void virtualThreadsThatATaskStartsAreCounted() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (GreenHeddle heddle = open(1)) {
            Task<?> task = heddle.start(() -> {
                Thread child = Thread.startVirtualThread(() -> {
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
                child.join();
            });
            eventually("both wait", () -> heddle.stats().parked() == 2);
            assertThat(heddle.stats().started()).isEqualTo(1);
            end.countDown();
            task.join();
            eventually("both are gone", () -> heddle.scheduler().children() == 0);
            assertThat(heddle.stats().parked()).isZero();
        }
    }

    @Test
    void childrenAreCountedOnceHoweverTheyEnd() throws Exception {
        try (GreenHeddle heddle = open(2)) {
            for (int i = 0; i < 50; i++) {
                heddle.start(() -> {
                    Thread.startVirtualThread(GreenStatsTest::blockAndYield);
                });
                heddle.start(() -> Thread.startVirtualThread(LockSupport::park).interrupt());
                heddle.processors(1 + i % 3);
            }
            eventually("all tasks have ended", () -> heddle.stats().completed() == 100);
            eventually("all children have ended", () -> heddle.scheduler().children() == 0);
            assertThat(heddle.stats().parked()).isZero();
        }
    }

    private static void blockAndYield() {
        try {
            Heddle.blocking(() -> null);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        Heddle.yield();
    }

    @Test
    void theWaitForTheProcessorIsMeasured() throws Exception {
        long wait = Duration.ofMillis(2).toNanos();
        try (GreenHeddle heddle = open(1, USUAL.withSpareCarriers(0), Trace.OFF)) {
            Channel<Integer> go = heddle.channel(1_000);
            for (int i = 0; i < 1_000; i++) {
                heddle.start(() -> go.receive());
            }
            heddle.start(() -> {
                for (int i = 0; i < 1_000; i++) {
                    go.send(i);
                }
                long start = System.nanoTime();
                while (System.nanoTime() - start < wait) {
                    Thread.onSpinWait();
                }
            });
            eventually("all have ended", () -> heddle.stats().completed() == 1_001);
            assertThat(heddle.stats().waits().count()).isBetween(10L, 200L);
            assertThat(heddle.stats().waits().percentile(1)).isGreaterThan(Duration.ofNanos(wait));
        }
    }

    @Test
    void theTraceOfTheSchedulerIsAsGosAndEndsWithTheHeddle() throws Exception {
        ChildJvm run = ChildJvm.run(Traced.class);
        assertThat(run.exitCode()).as(run.output()).isZero();
        assertThat(run.output())
                .containsPattern("(?m)^SCHED \\d+ms: heddle=looms processors=2 idleprocs=2 threads=0 spinningthreads=0"
                        + " idlethreads=0 runqueue=0 \\[0 0\\]$");
    }

    /** A heddle whose scheduler is traced. */
    static final class Traced {
        public static void main(String[] arguments) throws Exception {
            ByteArrayOutputStream lines = new ByteArrayOutputStream();
            System.setErr(new PrintStream(lines, true, StandardCharsets.UTF_8));
            AtomicBoolean stop = new AtomicBoolean();
            try (Heddle heddle = Heddle.builder(Model.GREEN)
                    .name("looms")
                    .processors(2)
                    .schedTrace(Duration.ofMillis(1))
                    .open()) {
                eventually("the idle heddle is seen", () -> contains(lines, " idleprocs=2 "));
                Task<?> spinner = heddle.start(() -> spin(stop));
                eventually("the spinner is seen", () -> contains(lines, " idleprocs=1 threads="));
                stop.set(true);
                spinner.join();
            }
            eventually(
                    "the tracer has ended",
                    () -> Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(thread -> thread.getName().equals("looms-schedtrace")));
            System.out.print(lines.toString(StandardCharsets.UTF_8));
        }

        private static boolean contains(ByteArrayOutputStream lines, String part) {
            return lines.toString(StandardCharsets.UTF_8).contains(part);
        }
    }

    @Test
    void aBoundOnSpareCarriersIsAnOption() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (Heddle heddle =
                Heddle.builder(Model.GREEN).processors(1).spareCarriers(1).open()) {
            for (int i = 0; i < 3; i++) {
                heddle.start(() -> spin(stop));
            }
            eventually("two spin", () -> heddle.stats().osThreads() == 2);
            eventually("the third waits", () -> {
                Stats stats = heddle.stats();
                return stats.runnable() == 1 && stats.handoffs() == 1;
            });
            stop.set(true);
        }
    }
}
