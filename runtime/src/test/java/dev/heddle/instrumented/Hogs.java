package dev.heddle.instrumented;

import dev.heddle.GlobalLock;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import java.time.Duration;

/**
 * Two tasks under a global lock that compute and never wait, each until it sees that the other has gone on. Without checkpoints, of
 * which there are none here, that never ends.
 */
public final class Hogs {
    private static final Duration INTERVAL = Duration.ofMillis(1);
    private static final int ROUNDS = 5;

    private static volatile int first;
    private static volatile int second;

    private Hogs() {}

    /**
     * Prints how often the lock was taken from a task, at least.
     *
     * @param args the model
     * @throws Exception if it fails
     */
    public static void main(String[] args) throws Exception {
        Model model = Model.valueOf(args[0]);
        if (model == Model.PROCESS) {
            try (Heddle heddle = Heddle.builder(model).processors(1).open()) {
                System.out.println(heddle.start(() -> withThreads()).join());
            }
            return;
        }
        try (Heddle heddle =
                Heddle.builder(model).processors(2).globalLock(INTERVAL).open()) {
            Task<Void> one = heddle.start(() -> goOnFirst());
            Task<Void> other = heddle.start(() -> goOnSecond());
            one.join();
            other.join();
            System.out.println(describe(heddle.stats().lock().forcedSwitches()));
        }
    }

    private static String withThreads() throws InterruptedException {
        GlobalLock lock = new GlobalLock(INTERVAL);
        Thread one = Thread.ofPlatform().start(() -> hold(lock, Hogs::goOnFirst));
        Thread other = Thread.ofPlatform().start(() -> hold(lock, Hogs::goOnSecond));
        one.join();
        other.join();
        return describe(lock.stats().forcedSwitches());
    }

    private static void hold(GlobalLock lock, Runnable code) {
        try {
            lock.hold(code::run);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String describe(long switches) {
        return switches >= ROUNDS - 1 ? "shared" : "only " + switches + " switches";
    }

    private static void goOnFirst() {
        for (int round = 1; round <= ROUNDS; round++) {
            first = round;
            while (second < round) {}
        }
    }

    private static void goOnSecond() {
        for (int round = 1; round <= ROUNDS; round++) {
            second = round;
            while (first < round) {}
        }
    }
}
