package dev.heddle.internal.os;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.HeddleTest;
import java.util.concurrent.SynchronousQueue;
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
}
