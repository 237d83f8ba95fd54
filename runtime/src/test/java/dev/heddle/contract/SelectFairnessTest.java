package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Job;
import dev.heddle.Select;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each operation that is possible has the same chance, by Pearson's chi-square test. The seeds are fixed, so a run is the same each
 * time; with another generator of random numbers each test of one seed would fail in one case of 1,000 though all is well.
 */
class SelectFairnessTest extends ContractTest {
    private static final int AWAITS = 2_000;

    /** What chi-square exceeds with a probability of 0.001, by the degrees of freedom. */
    private static final double CRITICAL_2 = 13.816;

    private static final double CRITICAL_3 = 16.266;
    private static final double CRITICAL_15 = 37.697;

    /** What four clauses do, of which all or three are possible. */
    enum Clauses {
        RECEIVES,
        SENDS,
        RECEIVES_AND_SENDS,
        RECEIVES_OF_WHICH_THE_FIRST_IS_NOT_POSSIBLE,
        SENDS_OF_WHICH_THE_LAST_IS_LEFT_OUT;

        Select<Integer> select(List<Channel<Integer>> full, List<Channel<Integer>> empty, Channel<Integer> never) {
            Select<Integer> select = new Select<Integer>();
            for (int i = 0; i < 4; i++) {
                int number = i;
                switch (this) {
                    case RECEIVES -> select.receive(full.get(i), element -> number);
                    case SENDS -> select.send(empty.get(i), () -> 1, () -> number);
                    case RECEIVES_AND_SENDS -> {
                        if (i < 2) {
                            select.receive(full.get(i), element -> number);
                        } else {
                            select.send(empty.get(i), () -> 1, () -> number);
                        }
                    }
                    case RECEIVES_OF_WHICH_THE_FIRST_IS_NOT_POSSIBLE ->
                        select.receive(i == 0 ? never : full.get(i), element -> number);
                    case SENDS_OF_WHICH_THE_LAST_IS_LEFT_OUT ->
                        select.send(empty.get(i), () -> 1, () -> number).when(() -> number != 3);
                }
            }
            return select;
        }
    }

    private List<Channel<Integer>> channels(int elements) throws InterruptedException {
        List<Channel<Integer>> channels = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Channel<Integer> channel = heddle().channel(Channel.UNLIMITED);
            for (int j = 0; j < elements; j++) {
                channel.send(j);
            }
            channels.add(channel);
        }
        return channels;
    }

    /** {@return which clauses are chosen, one after the other} */
    private int[] choices(Clauses clauses, long seed, int awaits) throws InterruptedException {
        List<Channel<Integer>> full = channels(awaits);
        List<Channel<Integer>> empty = channels(0);
        Channel<Integer> never = heddle().channel(0);
        return heddle().start(choosing(clauses, full, empty, never, seed, awaits))
                .join();
    }

    private static Job<int[]> choosing(
            Clauses clauses,
            List<Channel<Integer>> full,
            List<Channel<Integer>> empty,
            Channel<Integer> never,
            long seed,
            int awaits) {
        return () -> {
            Select<Integer> select = clauses.select(full, empty, never).seed(seed);
            int[] choices = new int[awaits];
            for (int i = 0; i < awaits; i++) {
                choices[i] = select.await();
            }
            return choices;
        };
    }

    private static double chiSquare(int[] counts) {
        double expected = (double) AWAITS / counts.length;
        double sum = 0;
        for (int count : counts) {
            sum += (count - expected) * (count - expected) / expected;
        }
        return sum;
    }

    @ParameterizedTest
    @EnumSource
    void eachThatIsPossibleHasTheSameChance(Clauses clauses) throws Exception {
        int[] choices = choices(clauses, 1, AWAITS);
        int[] counts = new int[4];
        for (int choice : choices) {
            counts[choice]++;
        }
        switch (clauses) {
            case RECEIVES, SENDS, RECEIVES_AND_SENDS ->
                assertThat(chiSquare(counts))
                        .as("chi-square of %s", Arrays.toString(counts))
                        .isLessThan(CRITICAL_3);
            case RECEIVES_OF_WHICH_THE_FIRST_IS_NOT_POSSIBLE -> {
                assertThat(counts[0]).isZero();
                assertThat(chiSquare(new int[] {counts[1], counts[2], counts[3]}))
                        .as("chi-square of %s", Arrays.toString(counts))
                        .isLessThan(CRITICAL_2);
            }
            case SENDS_OF_WHICH_THE_LAST_IS_LEFT_OUT -> {
                assertThat(counts[3]).isZero();
                assertThat(chiSquare(new int[] {counts[0], counts[1], counts[2]}))
                        .as("chi-square of %s", Arrays.toString(counts))
                        .isLessThan(CRITICAL_2);
            }
        }
    }

    @Test
    void aChoiceSaysNothingAboutTheNext() throws Exception {
        int[] choices = choices(Clauses.RECEIVES, 2, AWAITS + 1);
        int[] pairs = new int[16];
        for (int i = 0; i < AWAITS; i++) {
            pairs[4 * choices[i] + choices[i + 1]]++;
        }
        assertThat(chiSquare(pairs))
                .as("chi-square of %s", Arrays.toString(pairs))
                .isLessThan(CRITICAL_15);
    }

    @Test
    void aSeedMakesTheChoicesRepeatable() throws Exception {
        int[] choices = choices(Clauses.RECEIVES_AND_SENDS, 3, 100);
        assertThat(choices(Clauses.RECEIVES_AND_SENDS, 3, 100)).isEqualTo(choices);
        assertThat(choices(Clauses.RECEIVES_AND_SENDS, 4, 100)).isNotEqualTo(choices);
    }

    @Test
    void withoutASeedTheyAreOthersEachTime() throws Exception {
        List<Channel<Integer>> full = channels(200);
        List<List<Integer>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            runs.add(heddle().start(() -> {
                        Select<Integer> select = Clauses.RECEIVES.select(full, List.of(), full.getFirst());
                        List<Integer> choices = new ArrayList<>();
                        for (int i = 0; i < 100; i++) {
                            choices.add(select.await());
                        }
                        return choices;
                    })
                    .join());
        }
        assertThat(runs.get(0))
                .as("by chance the same in one of 4 to the power of 100 cases")
                .isNotEqualTo(runs.get(1));
    }

    /** The seed makes it the same each time; by chance one would wait for so long in one of 2 to the power of 60 cases. */
    @Test
    void whatIsPossibleNowAndThenIsNotStarvedByWhatAlwaysIs() throws Exception {
        Channel<Integer> always = heddle().channel(Channel.UNLIMITED);
        Channel<Integer> nowAndThen = heddle().channel(1);
        for (int i = 0; i < AWAITS; i++) {
            always.send(i);
        }
        int[] longest = heddle().start(() -> {
                    int[] rare = {0};
                    Select<Boolean> select = new Select<Boolean>()
                            .receive(always, element -> false)
                            .receive(nowAndThen, element -> ++rare[0] > 0)
                            .seed(5);
                    int most = 0;
                    while (rare[0] < 100) {
                        nowAndThen.send(1);
                        int waited = 0;
                        while (!select.await()) {
                            waited++;
                        }
                        most = Math.max(most, waited);
                    }
                    return new int[] {most, always.size()};
                })
                .join();
        assertThat(longest[0])
                .as("times that the other was chosen instead")
                .isPositive()
                .isLessThan(60);
        assertThat(longest[1]).as("the other was there all the time").isPositive();
    }

    /** Two that take all they can get do not keep a third, which comes once, from its turn. */
    @Test
    void aSelectThatWaitsIsServedThoughOthersComeAgainAndAgain() throws Exception {
        int processors = exempt(Exemption.ONE_TASK_PER_WORKER) ? 3 : 2;
        try (Heddle heddle = open(options -> options.processors(processors))) {
            Channel<Integer> channel = heddle.channel(0);
            Channel<Integer> never = heddle.channel(0);
            Channel<Integer> served = heddle.channel(0);
            for (int i = 0; i < 2; i++) {
                heddle.start(() -> {
                    for (int _ : channel) {
                        Heddle.yield();
                    }
                });
            }
            heddle.start(() -> {
                served.send(new Select<Integer>()
                        .receive(never, element -> element)
                        .receive(channel, element -> element)
                        .await());
            });
            int number = 0;
            Select<Boolean> next =
                    new Select<Boolean>().send(channel, () -> 1, () -> false).receive(served, element -> true);
            while (!next.await()) {
                number++;
            }
            assertThat(number).as("elements until its turn had come").isPositive();
            channel.close();
        }
    }
}
