package dev.heddle.internal.fiber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import dev.heddle.stress.PinnedFrame;
import dev.heddle.testing.HeddleTest;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** Fibers that are continuations let others run where they wait in the JDK. */
class ContinuationFiberTest extends HeddleTest {
    @Test
    void fibersSleepAtTheSameTime() throws Exception {
        try (Heddle heddle = Heddle.open(Model.FIBER)) {
            long start = System.nanoTime();
            List<Task<?>> sleepers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                sleepers.add(heddle.start(() -> Thread.sleep(SMALL)));
            }
            for (Task<?> sleeper : sleepers) {
                sleeper.join();
            }
            assertThat(System.nanoTime() - start).isBetween(SMALL.toNanos(), 9 * SMALL.toNanos());
        }
    }

    /** Also for a monitor: the JVM unmounts who waits for it. */
    @Test
    void fibersWaitForLocksThatOthersHoldAcrossASwitch() throws Exception {
        Object monitor = new Object();
        ReentrantLock lock = new ReentrantLock();
        int[] inside = {0, 0};
        try (Heddle heddle = Heddle.open(Model.FIBER)) {
            for (int i = 0; i < 5; i++) {
                heddle.start(() -> {
                    synchronized (monitor) {
                        assertThat(++inside[0]).isEqualTo(1);
                        Heddle.yield();
                        inside[0]--;
                    }
                });
                heddle.start(() -> {
                    lock.lock();
                    try {
                        assertThat(++inside[1]).isEqualTo(1);
                        Heddle.yield();
                        inside[1]--;
                    } finally {
                        lock.unlock();
                    }
                });
            }
        }
        assertThat(inside).containsExactly(0, 0);
    }

    @Test
    void aSocketReachesAnOwnerThatSleeps() throws Exception {
        var threads = ManagementFactory.getThreadMXBean();
        try (Heddle heddle = Heddle.open(Model.FIBER);
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread owner = Thread.currentThread();
            Task<Integer> sum = heddle.start(() -> {
                try (Socket socket = server.accept()) {
                    return socket.getInputStream().read()
                            + socket.getInputStream().read();
                }
            });
            Channel<Integer> ticks = heddle.channel(0);
            Task<?> other = heddle.start(() -> ticks.send(1));
            assertThat(ticks.receive())
                    .as("from a fiber beside the one that waits")
                    .isEqualTo(1);
            other.join();
            spawn(() -> {
                try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
                    socket.getOutputStream().write(40);
                    eventually("the owner parks", () -> owner.getState() == Thread.State.WAITING);
                    LockSupport.parkNanos(SMALL.toNanos()); // while the owner's processor time is being measured
                    socket.getOutputStream().write(2);
                }
            });
            long before = threads.getCurrentThreadCpuTime();
            assertThat(sum.join()).isEqualTo(42);
            assertThat(threads.getCurrentThreadCpuTime() - before)
                    .as("processor time of an owner that waits for %s", SMALL)
                    .isLessThan(SMALL.toNanos() / 2);
        }
    }

    @Test
    void aWaitUnderANativeFrameIsAnErrorWhateverHasParkedOrIsCompiled() throws Exception {
        for (int i = 0; i < 20_000; i++) {
            PinnedFrame.call(() -> 1); // once it is compiled, the JVM does not see the native frame by looking for it
        }
        try (Heddle heddle = Heddle.open(Model.FIBER)) {
            Channel<Integer> channel = heddle.channel(0);
            heddle.start(() -> {}).join();
            LockSupport.parkNanos(1);
            Task<Integer> afterTheOwner = heddle.start(() -> PinnedFrame.call(channel::receive));
            Task<Integer> afterItself = heddle.start(() -> PinnedFrame.call(() -> {
                LockSupport.parkNanos(1);
                return channel.receive();
            }));
            assertThatThrownBy(afterTheOwner::join).hasMessageContaining("cannot wait");
            assertThatThrownBy(afterItself::join).hasMessageContaining("cannot wait");
        }
    }

    @Test
    void aThreadThatALibraryLeavesBehindGoesOnAfterTheClose() throws Exception {
        AtomicReference<Thread> child = new AtomicReference<>();
        AtomicReference<Thread> late = new AtomicReference<>();
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(2);
        Runnable waits = () -> {
            try {
                go.await();
                Thread.sleep(1);
            } catch (InterruptedException e) {
                fails(e);
            }
            Thread.yield();
            ended.countDown();
        };
        try (Heddle heddle = Heddle.open(Model.FIBER)) {
            heddle.start(() -> child.set(Thread.ofVirtual().start(waits))).join();
            Heddle.yield(); // it waits now
            heddle.start(() -> late.set(Thread.ofVirtual().start(waits))).join(); // and this one is only runnable
        }
        go.countDown();
        assertThat(ended.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(child.get().join(LONG)).isTrue();
        assertThat(late.get().join(LONG)).isTrue();
    }
}
