package dev.heddle.simulation;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * All choices, one after the other, but for those with too many preemptions. As CHESS does (Musuvathi and Qadeer, PLDI 2007):
 * most bugs need few preemptions, and to bound their number, instead of the length of a run, leaves few enough cases to have
 * them all. A switch because an actor waits, spins or ends is no preemption.
 */
public final class EveryChoice implements Choices {
    private final int preemptions;

    private int[] picks = new int[64];
    private int[] options = new int[64];

    /** So many choices are known to come. */
    private int known;

    /** So many have come in this run. */
    private int made;

    private int preemptionsLeft;

    /** @param preemptions how many there may be in a run */
    public EveryChoice(int preemptions) {
        this.preemptions = preemptions;
        this.preemptionsLeft = preemptions;
    }

    /** {@return whether there is one more run} After each run. */
    public boolean advance() {
        if (made != known) {
            throw new IllegalStateException("the code did something else this time");
        }
        while (known > 0 && picks[known - 1] + 1 == options[known - 1]) {
            known--;
        }
        if (known == 0) {
            return false;
        }
        picks[known - 1]++;
        restart();
        return true;
    }

    /** The next run makes the same choices as this one. */
    public void restart() {
        made = 0;
        preemptionsLeft = preemptions;
    }

    @Override
    public int preempt(int others) {
        if (preemptionsLeft == 0) {
            return 0;
        }
        int pick = choose(others + 1);
        if (pick > 0) {
            preemptionsLeft--;
        }
        return pick;
    }

    @Override
    public int choose(int many) {
        if (many == 1) {
            return 0;
        }
        if (made == known) {
            if (known == picks.length) {
                picks = Arrays.copyOf(picks, 2 * known);
                options = Arrays.copyOf(options, 2 * known);
            }
            picks[known] = 0;
            options[known] = many;
            known++;
        }
        if (options[made] != many) {
            throw new IllegalStateException("the code did something else this time");
        }
        return picks[made++];
    }

    @Override
    public long stop() {
        return 0;
    }

    @Override
    public boolean endsForNoReason() {
        return false;
    }

    /** {@return the choices made in this run} */
    @Override
    public String toString() {
        return Arrays.stream(picks, 0, made).mapToObj(Integer::toString).collect(Collectors.joining(" "));
    }
}
