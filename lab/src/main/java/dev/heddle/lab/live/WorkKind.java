package dev.heddle.lab.live;

import dev.heddle.Heddle;
import java.util.Locale;

/** Which workload the live page runs. The names are the words of the control. */
enum WorkKind {
    /** Messages that go round. */
    ROUNDS(20),
    /** One number that all tasks add to, as a read and a write. */
    COUNTER(20),
    /** The same, mended: atomically. */
    COUNTER_ATOMIC(20),
    /** Dining philosophers who take the left fork first. */
    PHILOSOPHERS(Dinner.PHILOSOPHERS),
    /** The same, mended: all take the fork with the lower number first. */
    PHILOSOPHERS_ORDERED(Dinner.PHILOSOPHERS);

    private final int tasks;

    WorkKind(int tasks) {
        this.tasks = tasks;
    }

    /** {@return how many tasks suit it, which is what it begins with} */
    int tasks() {
        return tasks;
    }

    /** {@return its word} */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * {@return it, in a heddle that has been opened}
     *
     * @param h where its tasks will be
     * @param pace of a round
     * @param tasks how many are to take part
     */
    LiveWork in(Heddle h, Pace pace, int tasks) {
        return switch (this) {
            case ROUNDS -> new Rounds(h, pace);
            case COUNTER -> new Counter(h, pace, false);
            case COUNTER_ATOMIC -> new Counter(h, pace, true);
            case PHILOSOPHERS -> new Dinner(h, pace, tasks, false);
            case PHILOSOPHERS_ORDERED -> new Dinner(h, pace, tasks, true);
        };
    }
}
