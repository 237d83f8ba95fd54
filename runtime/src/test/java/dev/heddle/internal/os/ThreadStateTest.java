package dev.heddle.internal.os;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.HeddleTest;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ThreadStateTest extends HeddleTest {
    @Test
    void aThreadThatWaitsIsBlockedAndOneThatExecutesIsNot() throws Exception {
        SynchronousQueue<Integer> id = new SynchronousQueue<>();
        Thread other = Thread.ofPlatform().name("a (name) with 15").start(() -> {
            try {
                id.put(CpuAffinity.currentThreadId());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            while (!Thread.currentThread().isInterrupted()) {
                LockSupport.park();
            }
        });
        int threadId = id.take();
        eventually("it parks", () -> ThreadState.isBlocked(threadId));
        assertThat(ThreadState.isBlocked(CpuAffinity.currentThreadId())).isFalse();
        other.interrupt();
        other.join();
        eventually("it is gone", () -> !ThreadState.isBlocked(threadId));
    }

    @Test
    void aThreadThatHasExecutedInBetweenIsNoticed() throws Exception {
        Semaphore go = new Semaphore(0);
        Semaphore done = new Semaphore(0);
        Thread other = Thread.ofPlatform().start(() -> {
            while (true) {
                go.acquireUninterruptibly();
                done.release();
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
            }
        });
        for (int i = 0; i < 20; i++) {
            Map<String, Long> before = allAsleep();
            go.release();
            done.acquireUninterruptibly();
            assertThat(allAsleep()).isNotEqualTo(before);
        }
        other.interrupt();
        go.release();
        other.join();
    }

    @Test
    void aThreadThatExecutesIsNoticed() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        Thread other = Thread.ofPlatform().start(() -> {
            while (!stop.get()) {
                Thread.onSpinWait();
            }
        });
        for (int i = 0; i < 100; i++) {
            assertThat(ThreadState.stopsIfAllSleep()).isEmpty();
        }
        stop.set(true);
        other.join();
    }

    private Map<String, Long> allAsleep() {
        AtomicReference<Map<String, Long>> stops = new AtomicReference<>(Map.of());
        eventually("all other threads sleep", () -> {
            stops.set(ThreadState.stopsIfAllSleep());
            return !stops.get().isEmpty();
        });
        return stops.get();
    }
}
