package dev.heddle.chaos;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What has happened in all rounds so far. */
final class ChaosTally {
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final AtomicLong kills = new AtomicLong();
    private final AtomicLong progress = new AtomicLong();

    /** Something has ended: whoever watches sees that all goes on. */
    void count(String what) {
        count(what, 1);
    }

    void count(String what, long n) {
        counts.computeIfAbsent(what, w -> new LongAdder()).add(n);
        progress.incrementAndGet();
    }

    void killed(Kill kill, long n) {
        if (n > 0) {
            kills.addAndGet(n);
            counts.computeIfAbsent("killed by " + kill, w -> new LongAdder()).add(n);
        }
    }

    long kills() {
        return kills.get();
    }

    /** {@return a number that grows as long as anything goes on} */
    long progress() {
        return progress.get();
    }

    @Override
    public String toString() {
        return kills + " kills; " + new TreeMap<>(counts);
    }
}
