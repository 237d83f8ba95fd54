package dev.heddle.bench;

import java.util.concurrent.CountDownLatch;

/** Tasks that compute and never wait; they end once they are closed. */
final class Hogs implements AutoCloseable {
    private final CountDownLatch spinning;
    private volatile boolean stop;

    Hogs(Tasks tasks, int count) {
        spinning = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            tasks.start(this::spin);
        }
    }

    private long spin() {
        spinning.countDown();
        long x = 1;
        while (!stop) {
            x = x * 31 + 1;
        }
        return x;
    }

    /** Returns when all hogs have begun: perhaps never, where there are more of them than processors. */
    void awaitSpinning() throws InterruptedException {
        spinning.await();
    }

    boolean areSpinning() {
        return !stop;
    }

    @Override
    public void close() {
        stop = true;
    }
}
