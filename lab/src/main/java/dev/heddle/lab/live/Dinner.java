package dev.heddle.lab.live;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Mutex;
import dev.heddle.SharedLongs;
import dev.heddle.lab.live.Control.Verb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Dijkstra's dining philosophers: each task thinks for a while, takes one of the two forks beside it, waits for a moment, takes the
 * other, and eats, which is computing. If each takes its left one first, sooner or later all hold one and wait for the other; if each
 * takes the one with the lower number first, that cannot be. A round is a meal, from when the philosopher is hungry.
 */
final class Dinner implements LiveWork {
    /** As many as in the tale. With twice as many it takes some thousand times as many meals until all hold a fork. */
    static final int PHILOSOPHERS = 5;

    /** One would wait for itself. */
    private static final int FEWEST_FORKS = 2;

    private final Heddle heddle;
    private final Pace pace;
    private final boolean lowerFirst;
    private final List<Mutex> forks = new ArrayList<>();
    private final Queue<Integer> seats = new PriorityQueue<>();

    /**
     * By fork: 1 while its holder, who took it first, waits for another one. Only the holder writes, so if all are 1, all forks are held by
     * those who wait for one. (Whoever dies with its worker leaves a 1 behind, until the next one has it.)
     */
    private final SharedLongs waits;

    /** @param philosophers for whom there are seats */
    Dinner(Heddle h, Pace pace, int philosophers, boolean lowerFirst) {
        this.heddle = h;
        this.pace = pace;
        this.lowerFirst = lowerFirst;
        // A task of PROCESS that waits for a fork keeps its worker, so who finds no worker would never come to the
        // table.
        int atTable = h.model() == Model.PROCESS ? Math.min(philosophers, h.processors()) : philosophers;
        for (int seat = 0; seat < philosophers; seat++) {
            seats.add(seat);
        }
        for (int fork = 0; fork < Math.max(FEWEST_FORKS, atTable); fork++) {
            forks.add(h.mutex());
        }
        this.waits = h.sharedLongs(forks.size());
    }

    @Override
    public Action another() {
        int seat = seats.remove();
        int left = seat % forks.size();
        int right = (seat + 1) % forks.size();
        int first = lowerFirst ? Math.min(left, right) : left;
        int second = lowerFirst ? Math.max(left, right) : right;
        return new Philosopher(pace, seat, forks.get(first), forks.get(second), waits, first);
    }

    @Override
    public void lost(Action job) {
        seats.add(((Philosopher) job).seat());
    }

    /** As many seats as tasks, and under PROCESS as forks as processors. */
    @Override
    public boolean needsAnother(Verb verb) {
        return verb == Verb.TASKS || (verb == Verb.PROCESSORS && heddle.model() == Model.PROCESS);
    }

    @Override
    public boolean mayStandStill() {
        return true;
    }

    @Override
    public boolean standsStill() {
        for (int fork = 0; fork < forks.size(); fork++) {
            if (waits.get(fork) == 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Map<String, Long> figures() {
        return Map.of();
    }

    private record Philosopher(Pace pace, int seat, Mutex first, Mutex second, SharedLongs waits, int waitsAt)
            implements Action {
        private static final long LONGEST_THOUGHT = TimeUnit.MILLISECONDS.toNanos(8);

        @Override
        public void run() throws InterruptedException {
            Board board = pace.board();
            SplittableRandom random = new SplittableRandom();
            long x = 1;
            while (!board.isStopped()) {
                Heddle.sleep(Duration.ofNanos(random.nextLong(LONGEST_THOUGHT)));
                long hungry = System.nanoTime();
                first.lock();
                try {
                    pace.rest();
                    waits.set(waitsAt, 1);
                    second.lock();
                    try {
                        waits.set(waitsAt, 0);
                        x = pace.compute(x);
                    } finally {
                        second.unlock();
                    }
                } finally {
                    first.unlock();
                }
                board.count(System.nanoTime() - hungry);
            }
        }
    }
}
