package dev.heddle.lab.live;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.SharedLongs;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One number in memory that all tasks share, in whichever processes they are, and to which each adds 1 again and again: as a read and a
 * write, between which another task's addition can be lost, or atomically. For one addition after the other the tasks compute
 * as long as the control says, and wait for the rest of a round.
 */
final class Counter implements LiveWork {
    /** In a round that only computes; takes some tenths of a millisecond if nobody else has the number in its cache. */
    private static final long ADDITIONS = 100_000;

    private static final int CHUNKS = 20;

    private static final long NUMBER = 0;

    /** Far from the number, so that to count what was made does not slow down making it. */
    private static final long MADE = 32;

    private final Pace pace;
    private final SharedLongs longs;
    private final boolean isAtomic;

    Counter(Heddle h, Pace pace, boolean isAtomic) {
        this.pace = pace;
        this.longs = h.sharedLongs(MADE + 1);
        this.isAtomic = isAtomic;
    }

    @Override
    public Action another() {
        return new Adder(pace, longs, isAtomic);
    }

    /** What is under way is not counted as made yet, so nothing counts as lost that may still come. */
    @Override
    public Map<String, Long> figures() {
        long made = longs.getAcquire(MADE);
        long value = longs.getAcquire(NUMBER);
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("additions made", made);
        figures.put("additions lost", Math.max(0, made - value));
        return figures;
    }

    private record Adder(Pace pace, SharedLongs longs, boolean isAtomic) implements Action {
        @Override
        public void run() throws InterruptedException {
            Board board = pace.board();
            while (!board.isStopped() && !board.takeSurplus()) {
                long begun = System.nanoTime();
                long all = pace.part(ADDITIONS);
                long chunk = Math.max(1, all / CHUNKS);
                for (long left = all; left > 0; left -= chunk) {
                    add(Math.min(left, chunk));
                    Heddle.checkpoint();
                }
                pace.rest();
                board.count(System.nanoTime() - begun);
                Heddle.yield();
            }
        }

        private void add(long times) {
            for (long i = 0; i < times; i++) {
                if (isAtomic) {
                    longs.getAndAdd(NUMBER, 1);
                } else {
                    longs.setRelease(NUMBER, longs.getAcquire(NUMBER) + 1); // what n++ is: a read, and then a write
                }
            }
            longs.getAndAdd(MADE, times);
        }
    }
}
