package dev.heddle.internal.green;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import dev.heddle.testing.ChildJvm;
import dev.heddle.testing.HeddleTest;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The known stall of the JDK's scheduler: virtual threads wait in class initialisers, where they cannot leave their carrier,
 * for what needs a carrier itself. Classes are initialised once, hence the JVMs of their own.
 */
class StallTest extends HeddleTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void onAHeddleItEndsInProgress(int processors) throws Exception {
        ChildJvm program = ChildJvm.run(OnHeddle.class, String.valueOf(processors));
        assertThat(program.output()).contains("asked: 8 x 42", "met: 3");
        assertThat(program.exitCode()).isZero();
    }

    @Test
    void onTheJdksSchedulerItStaysForEver() throws Exception {
        ChildJvm program = ChildJvm.run(OnJdk.class);
        assertThat(program.output()).contains("stalled");
        assertThat(program.exitCode()).isZero();
    }

    /** Its initialiser waits for a task. */
    private static final class Asks {
        static final int ANSWER = Initialisers.ask();
    }

    /** Its initialiser waits for those of the other two. */
    private static final class First {
        static final int MET = Initialisers.meet();
    }

    /** See {@link First}. */
    private static final class Second {
        static final int MET = Initialisers.meet();
    }

    /** See {@link First}. */
    private static final class Third {
        static final int MET = Initialisers.meet();
    }

    /** What they do, in a class that is initialised. */
    private static final class Initialisers {
        private static final CyclicBarrier BARRIER = new CyclicBarrier(3);
        static volatile Executor executor;
        static volatile Thread asking;

        static int ask() {
            asking = Thread.currentThread();
            return CompletableFuture.supplyAsync(() -> 42, executor).join();
        }

        static int meet() {
            try {
                BARRIER.await(LONG.toMillis(), TimeUnit.MILLISECONDS);
                return 1;
            } catch (Exception e) {
                throw new IllegalStateException("the others have not come", e);
            }
        }
    }

    /** Runs in a JVM of its own. */
    static final class OnHeddle {
        private OnHeddle() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (Heddle heddle = Heddle.builder(Model.GREEN)
                    .processors(Integer.parseInt(arguments[0]))
                    .open()) {
                Initialisers.executor = heddle;
                List<Task<Integer>> asking = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    asking.add(
                            heddle.start(() -> Asks.ANSWER)); // one initialises, the others wait for it, pinned as well
                }
                int answers = 0;
                for (Task<Integer> task : asking) {
                    answers += task.join();
                }
                System.out.println("asked: " + asking.size() + " x " + answers / asking.size());

                List<IntSupplier> classes = List.of(() -> First.MET, () -> Second.MET, () -> Third.MET);
                int met = 0;
                for (Task<Integer> task : classes.stream()
                        .map(type -> heddle.submit(type::getAsInt))
                        .toList()) {
                    met += task.join();
                }
                System.out.println("met: " + met);
            }
        }
    }

    /**
     * Runs in a JVM of its own. That it stalls for ever needs no waiting: the only carrier that there may be carries a thread
     * that waits for a task which is queued for a carrier.
     */
    static final class OnJdk {
        private OnJdk() {}

        public static void main(String[] arguments) {
            System.setProperty("jdk.virtualThreadScheduler.parallelism", "1");
            System.setProperty("jdk.virtualThreadScheduler.maxPoolSize", "1");
            VirtualThreadSchedulerMXBean scheduler =
                    ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
            Initialisers.executor = task -> Thread.ofVirtual().start(task);
            Thread.ofVirtual().start(() -> System.out.println("not reached: " + Asks.ANSWER));
            eventually(
                    "the only carrier's thread waits, and a thread is queued",
                    () -> scheduler.getPoolSize() == 1
                            && scheduler.getMountedVirtualThreadCount() == 1
                            && scheduler.getQueuedVirtualThreadCount() == 1
                            && Initialisers.asking != null
                            && Initialisers.asking.getState() == Thread.State.WAITING);
            System.out.println("stalled");
        }
    }
}
