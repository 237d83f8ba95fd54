package dev.heddle.internal.fiber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Acquired;
import dev.heddle.Channel;
import dev.heddle.FiberBacking;
import dev.heddle.Heddle;
import dev.heddle.Mutex;
import dev.heddle.Select;
import dev.heddle.Task;
import dev.heddle.stress.PinnedFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** What a fiber has of its own, what it may hold while it switches, and what its owner may hold. */
class FiberStateTest extends FiberTest {
    private static final ThreadLocal<String> THREAD_LOCAL = new ThreadLocal<>();
    private static final ScopedValue<String> SCOPED = ScopedValue.newInstance();

    private int unlocked;
    private boolean somebodyRuns;

    /** Would fail if two ran at once, or if one did not see what another has written. */
    private void runAlone() {
        if (somebodyRuns) {
            throw new IllegalStateException("two run at once");
        }
        somebodyRuns = true;
        unlocked++;
        somebodyRuns = false;
    }

    @Test
    void anUnlockedCounterLosesNoUpdate() throws Exception {
        int fibers = 8;
        int times = 2_000;
        try (Heddle heddle = open()) {
            Channel<Integer> channel = heddle.channel(1);
            List<Task<?>> tasks = new ArrayList<>();
            for (int i = 0; i < fibers; i++) {
                int me = i;
                tasks.add(heddle.start(() -> {
                    for (int j = 0; j < times; j++) {
                        runAlone();
                        if (j % 100 == 0) {
                            Heddle.blocking(() -> me); // is outside, and comes back when another may run
                        } else if (j % 2 == 0) {
                            Heddle.yield();
                        } else if (me % 2 == 0) {
                            channel.send(j);
                        } else {
                            channel.receive();
                        }
                    }
                }));
            }
            for (Task<?> task : tasks) {
                while (!task.isDone()) {
                    runAlone();
                    unlocked--;
                    Heddle.yield();
                }
                task.join();
            }
        }
        assertThat(unlocked).isEqualTo(fibers * times);
    }

    @Test
    void eachFiberHasItsOwnThreadLocalsAndScopedValues() throws Exception {
        try (Heddle heddle = open()) {
            THREAD_LOCAL.set("owner's");
            List<Task<String>> tasks = new ArrayList<>();
            for (String name : List.of("a", "b", "c")) {
                tasks.add(heddle.start(() -> {
                    THREAD_LOCAL.set(name);
                    return ScopedValue.where(SCOPED, name).call(() -> {
                        Heddle.yield();
                        Heddle.switchTo(tasks.getFirst());
                        return THREAD_LOCAL.get() + SCOPED.get();
                    });
                }));
            }
            Heddle.yield();
            assertThat(THREAD_LOCAL.get() + SCOPED.isBound()).isEqualTo("owner'sfalse");
            for (Task<String> task : tasks) {
                task.join();
            }
            assertThat(tasks).extracting(Task::resultNow).containsExactly("aa", "bb", "cc");
        } finally {
            THREAD_LOCAL.remove();
        }
    }

    // ---- locks

    @Test
    void aFiberHoldsItsLocksWhileItSwitches() throws Exception {
        Object monitor = new Object();
        ReentrantLock lock = new ReentrantLock();
        try (Heddle heddle = open()) {
            AtomicBoolean inside = new AtomicBoolean();
            Task<?> holder = heddle.start(() -> {
                synchronized (monitor) {
                    lock.lock();
                    try {
                        inside.set(true);
                        Heddle.yield();
                        Heddle.yield();
                        inside.set(false);
                    } finally {
                        lock.unlock();
                    }
                }
            });
            Heddle.yield();
            assertThat(inside.get()).isTrue();
            assertThat(lock.isLocked()).isTrue();
            Thread other = spawn(() -> {
                synchronized (monitor) {
                    lock.lock();
                    try {
                        assertThat(inside.get()).isFalse();
                    } finally {
                        lock.unlock();
                    }
                }
            });
            eventually(
                    "the other waits for the monitor",
                    () -> other.getState() == Thread.State.BLOCKED || other.getState() == Thread.State.TERMINATED);
            holder.join();
            assertThat(other.join(LONG)).isTrue();
        }
    }

    /** JDK 25 would take the owner's monitors for those of the fiber that it unmounts, and forget to lock them from then on. */
    @Test
    void theOwnerHoldsItsMonitorsWhileItWaits() throws Exception {
        List<Object> monitors = List.of(new Object(), new Object(), new Object());
        for (int round = 0; round < 20; round++) {
            try (Heddle heddle = open()) {
                Channel<Integer> gate = heddle.channel(0);
                Task<?> waits = heddle.start(() -> {
                    gate.receive();
                    Heddle.yield();
                    gate.receive();
                });
                inAll(monitors, 0, () -> heddle.start(() -> {}).join());
                assertThat(canBeEntered(monitors.getFirst()))
                        .as("a monitor that was left")
                        .isTrue();
                gate.send(1);
                inAll(
                        monitors,
                        0,
                        () -> assertThat(canBeEntered(monitors.getFirst()))
                                .as("a monitor that is held")
                                .isFalse());
                gate.send(2);
                inAll(monitors, 0, () -> {
                    waits.join();
                    assertThat(canBeEntered(monitors.getFirst()))
                            .as("a monitor that is held")
                            .isFalse();
                });
                inAll(
                        monitors,
                        0,
                        () -> assertThat(canBeEntered(monitors.getLast()))
                                .as("a monitor that is held")
                                .isFalse());
                assertThat(canBeEntered(monitors.getLast()))
                        .as("a monitor that was left")
                        .isTrue();
            }
        }
    }

    private static void inAll(List<Object> monitors, int from, Code code) throws Exception {
        if (from == monitors.size()) {
            code.run();
            return;
        }
        synchronized (monitors.get(from)) {
            inAll(monitors, from + 1, code);
        }
    }

    /** {@return whether another thread can enter it now} */
    private boolean canBeEntered(Object monitor) throws InterruptedException {
        AtomicBoolean entered = new AtomicBoolean();
        Thread other = spawn(() -> {
            synchronized (monitor) {
                entered.set(true);
            }
        });
        eventually("the other has entered or waits", () -> entered.get() || other.getState() == Thread.State.BLOCKED);
        return entered.get();
    }

    // ---- native frames

    /** What a fiber does that others are to run for. */
    private static Object letOthersRun(String how, Heddle heddle, Task<?> other) throws Exception {
        Channel<Integer> channel =
                heddle.channel(1); // with room, so that the sender ends also where nobody can receive
        return switch (how) {
            case "yield" -> {
                Heddle.yield();
                yield how;
            }
            case "switch" -> Heddle.switchTo(other);
            case "join" -> other.join();
            case "wait" -> {
                heddle.start(() -> channel.send(1));
                yield channel.receive();
            }
            default -> throw new IllegalArgumentException(how);
        };
    }

    @Test
    void aNativeFrameIsLeftByOsThreadsAndAContinuationSaysThatItCannot() throws Exception {
        try (Heddle heddle = open()) {
            for (String how : List.of("yield", "wait", "switch", "join", "wait")) {
                Task<Object> task = heddle.start(() -> {
                    Task<?> other = heddle.start(Heddle::yield);
                    return PinnedFrame.call(() -> letOthersRun(how, heddle, other));
                });
                if (backing == FiberBacking.OS_THREAD) {
                    task.join();
                } else {
                    assertThatThrownBy(task::join)
                            .as(how)
                            .cause()
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageMatching("a fiber of heddle fiber-[0-9]+ cannot (yield|wait): native code .*")
                            .hasMessageContaining("class initializer")
                            .hasMessageContaining("fiberBacking(FiberBacking.OS_THREAD)");
                }
            }
            assertThat(heddle.start(() -> PinnedFrame.call(() -> 1)).join())
                    .as("without a switch")
                    .isEqualTo(1);
        }
    }

    /** Who cannot wait is not left in a queue of those who wait. */
    @Test
    void whoCannotWaitTakesNoElementAndNoPermit() throws Exception {
        try (Heddle heddle = open()) {
            Channel<Integer> channel = heddle.channel(0);
            Mutex mutex = heddle.mutex();
            mutex.lock();
            for (Callable<Object> wait : List.<Callable<Object>>of(
                    channel::receive,
                    mutex::lock,
                    () -> new Select<Integer>()
                            .receive(channel, element -> element)
                            .await())) {
                Task<Object> cannot = heddle.start(() -> PinnedFrame.call(wait));
                Heddle.yield();
                if (backing == FiberBacking.OS_THREAD) {
                    cannot.cancel(true);
                    Heddle.yield(); // it leaves the queue
                }
                assertThatThrownBy(cannot::join).isInstanceOf(RuntimeException.class);
            }
            Task<Integer> receiver = heddle.start(() -> channel.receive());
            channel.send(1);
            assertThat(receiver.join()).isEqualTo(1);
            mutex.unlock();
            assertThat(heddle.start(() -> mutex.tryLock()).join()).isEqualTo(Acquired.CLEANLY);
        }
    }

    private static Heddle ofInitializers;

    private static int waitInInitializer() {
        try {
            return (int) letOthersRun("wait", ofInitializers, null);
        } catch (IllegalStateException e) {
            return -1;
        } catch (Exception e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final class InitializedByAContinuation {
        static final int VALUE = waitInInitializer();
    }

    private static final class InitializedByAThread {
        static final int VALUE = waitInInitializer();
    }

    @Test
    void aClassInitializerIsSuchAFrame() throws Exception {
        try (Heddle heddle = open()) {
            ofInitializers = heddle;
            if (backing == FiberBacking.CONTINUATION) {
                assertThat(heddle.start(() -> InitializedByAContinuation.VALUE).join())
                        .isEqualTo(-1);
            } else {
                assertThat(heddle.start(() -> InitializedByAThread.VALUE).join())
                        .isEqualTo(1);
            }
        }
    }
}
