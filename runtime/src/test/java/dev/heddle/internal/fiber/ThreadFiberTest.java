package dev.heddle.internal.fiber;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.FiberBacking;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.testing.HeddleTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Fibers that are OS threads, of which one runs. */
class ThreadFiberTest extends HeddleTest {
    private static Heddle open() {
        return FiberTest.open(FiberBacking.OS_THREAD);
    }

    @Test
    void eachHasAThreadOfItsOwn() throws Exception {
        try (Heddle heddle = open()) {
            List<Task<Thread>> tasks = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                tasks.add(heddle.start(() -> {
                    Thread me = Thread.currentThread();
                    Heddle.yield();
                    assertThat(Thread.currentThread()).isSameAs(me);
                    return me;
                }));
            }
            assertThat(heddle.stats().osThreads()).isEqualTo(6);
            Set<Thread> seen = new HashSet<>();
            for (Task<Thread> task : tasks) {
                seen.add(task.join());
            }
            assertThat(seen).hasSize(5).doesNotContain(Thread.currentThread()).allSatisfy(thread -> {
                assertThat(thread.isVirtual()).isFalse();
                assertThat(thread.isDaemon()).isTrue();
                assertThat(thread.getName()).startsWith(heddle.name());
            });
            eventually("all threads have ended", () -> seen.stream().noneMatch(Thread::isAlive));
        }
    }

    @Test
    void blockingStaysOnTheThreadAndLetsOthersRun() throws Exception {
        try (Heddle heddle = open()) {
            CountDownLatch go = new CountDownLatch(1);
            AtomicBoolean back = new AtomicBoolean();
            Task<Boolean> blocked = heddle.start(() -> {
                Thread me = Thread.currentThread();
                boolean same = Heddle.blocking(() -> {
                    assertThat(Heddle.blocking(() -> 1)).as("inside of another").isEqualTo(1);
                    go.await();
                    return Thread.currentThread() == me;
                });
                back.set(true);
                return same;
            });
            heddle.start(go::countDown).join();
            assertThat(blocked.join()).isTrue();
            assertThat(back.get()).isTrue();
        }
    }

    /** It must not go on while another has the turn. */
    @Test
    void whoComesBackFromBlockingWaitsForItsTurn() throws Exception {
        try (Heddle heddle = open()) {
            AtomicBoolean back = new AtomicBoolean();
            CountDownLatch returns = new CountDownLatch(1);
            Task<?> blocked = heddle.start(() -> {
                Heddle.blocking(() -> {
                    returns.countDown();
                    return null;
                });
                back.set(true);
            });
            Task<Boolean> holdsTheTurn = heddle.start(() -> {
                returns.await();
                Thread.sleep(SHORT);
                return back.get();
            });
            assertThat(holdsTheTurn.join()).isFalse();
            blocked.join();
            assertThat(back.get()).isTrue();
        }
    }

    @Test
    void aFiberMayOwnFibers() throws Exception {
        List<String> trace = new ArrayList<>();
        try (Heddle outer = open()) {
            for (FiberBacking backing : FiberBacking.values()) {
                Task<Integer> owner = outer.start(() -> {
                    try (Heddle inner = FiberTest.open(backing)) {
                        Channel<Integer> channel = inner.channel(0);
                        inner.start(() -> {
                            trace.add("inner");
                            channel.send(1);
                        });
                        Heddle.yield();
                        trace.add("yielded");
                        return channel.receive();
                    }
                });
                Task<?> beside = outer.start(() -> trace.add("beside"));
                assertThat(owner.join()).isEqualTo(1);
                beside.join();
                assertThat(trace).containsExactly("inner", "beside", "yielded");
                trace.clear();
            }
        }
    }

    /** Opens a heddle of such fibers and runs one. */
    static final class RunsAFiber {
        public static void main(String[] args) throws InterruptedException {
            try (Heddle heddle = open()) {
                Channel<String> channel = heddle.channel(0);
                heddle.start(() -> channel.send("ran"));
                System.out.println(channel.receive());
                System.out.println(Thread.startVirtualThread(
                                        () -> heddle.start(() -> channel.send("started from a virtual thread")))
                                .join(LONG)
                        + " " + channel.receive());
            }
        }
    }

    @Test
    void theyNeedNoFlag() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        RunsAFiber.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("ran", "true started from a virtual thread");
    }
}
