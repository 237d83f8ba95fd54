package dev.heddle.lab.experiment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * In which order cells are measured: rounds, and in each round every cell once, in an order drawn anew. So whatever changes
 * on the machine meanwhile meets all cells alike.
 *
 * @param rounds indices of cells
 */
public record Schedule(List<List<Integer>> rounds) {
    /**
     * @param cells how many cells there are
     * @param rounds how many rounds
     * @param seed of the order, the same for all experiments
     * @param name of the experiment, so that each has an order of its own that does not depend on what ran before
     * @return the same for the same arguments
     */
    static Schedule of(int cells, int rounds, long seed, String name) {
        Random random = new Random(seed * 31 + name.hashCode());
        List<List<Integer>> all = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, cells).boxed().toList());
            Collections.shuffle(order, random);
            all.add(List.copyOf(order));
        }
        return new Schedule(List.copyOf(all));
    }
}
