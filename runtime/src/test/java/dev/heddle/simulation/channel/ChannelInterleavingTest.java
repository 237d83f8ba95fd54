package dev.heddle.simulation.channel;

import static dev.heddle.simulation.channel.Programs.close;
import static dev.heddle.simulation.channel.Programs.program;
import static dev.heddle.simulation.channel.Programs.receive;
import static dev.heddle.simulation.channel.Programs.select;
import static dev.heddle.simulation.channel.Programs.send;
import static dev.heddle.simulation.channel.Programs.tryTo;
import static dev.heddle.simulation.channel.Programs.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.heddle.simulation.channel.Program.Interrupt;
import dev.heddle.testing.HeddleTest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a few threads do to channels, in every order with few preemptions, and what some more do, in some orders. Each history is
 * checked against the {@link ChannelModel}: nothing lost, doubled or overtaken, nobody left waiting who could go on.
 *
 * <p>{@code -Dheddle.simulation.runs=N} has more programs, and {@code -Dheddle.simulation.preemptions=1} more orders of each. The
 * seed of a failure is in its message; {@code -Dheddle.simulation.seed=SEED} begins with the same programs and orders.
 */
class ChannelInterleavingTest extends HeddleTest {
    private static final int RUNS = Integer.getInteger("heddle.simulation.runs", 300);

    /** Of some programs; all programs of a size may have more. */
    private static final long ORDERS = 60L * RUNS;

    /** Of programs that are too large to have all. */
    private static final int ORDERS_EACH = 30;

    private static final int MORE_PREEMPTIONS = Integer.getInteger("heddle.simulation.preemptions", 0);

    private static final long SEED =
            Long.getLong("heddle.simulation.seed", ThreadLocalRandom.current().nextLong());

    /** As long as the sleeps of a channel's lock. */
    private static final long LONGEST_STOP = TimeUnit.MILLISECONDS.toNanos(1);

    static Stream<Arguments> programs() {
        return Stream.of(
                // Two selects meet, which could do so in two ways.
                arguments(
                        2,
                        program(
                                List.of(0, 0),
                                List.of(select(send(0, 1), receive(1))),
                                List.of(select(receive(0), send(1, 2))))),
                // Each of two selects could meet itself.
                arguments(
                        2,
                        program(
                                List.of(0),
                                List.of(select(send(0, 1), receive(0))),
                                List.of(select(send(0, 2), receive(0))))),
                // A ring of selects.
                arguments(
                        1,
                        program(
                                List.of(0, 0, 0),
                                List.of(select(send(0, 1), receive(2))),
                                List.of(select(send(1, 2), receive(0))),
                                List.of(select(send(2, 3), receive(1))))),
                // Two complete a select, and its time is over.
                arguments(
                        2,
                        program(
                                List.of(0, 0),
                                List.of(within(10, select(receive(0), receive(1)))),
                                List.of(send(0, 1)),
                                List.of(tryTo(send(1, 2))))),
                // A select that is interrupted meets another.
                arguments(
                        2,
                        program(
                                List.of(0, 0),
                                List.of(select(send(0, 1), receive(1))),
                                List.of(within(10, select(receive(0), send(1, 2)))),
                                List.of(new Interrupt(0)))),
                // A select waits where a channel is closed, and another is used.
                arguments(
                        2,
                        program(
                                List.of(0, 1),
                                List.of(select(receive(0), receive(1))),
                                List.of(close(0, 9)),
                                List.of(send(1, 2)))),
                // One waits in two queues of a channel that is closed.
                arguments(
                        2,
                        program(
                                List.of(0),
                                List.of(select(send(0, 1), receive(0))),
                                List.of(close(0, 9)),
                                List.of(within(10, receive(0))))),
                // A wait times out, is interrupted, and is served.
                arguments(
                        3,
                        program(
                                List.of(0),
                                List.of(within(10, receive(0)), tryTo(receive(0))),
                                List.of(new Interrupt(0)),
                                List.of(within(20, send(0, 1))))),
                // Senders in a row, and one of them gives up.
                arguments(
                        2,
                        program(
                                List.of(1),
                                List.of(send(0, 1), send(0, 2)),
                                List.of(within(10, send(0, 3))),
                                List.of(receive(0), tryTo(receive(0))))),
                // A select that has been served is passed over, and who waits behind it is served.
                arguments(
                        2,
                        program(
                                List.of(0, 0),
                                List.of(select(receive(0), receive(1))),
                                List.of(receive(0)),
                                List.of(send(1, 1), send(0, 2)))),
                // Two are woken at once.
                arguments(
                        1,
                        program(
                                List.of(0),
                                List.of(receive(0)),
                                List.of(receive(0)),
                                List.of(send(0, 1)),
                                List.of(send(0, 2)))),
                arguments(
                        1,
                        program(
                                List.of(0),
                                List.of(tryTo(receive(0))),
                                List.of(tryTo(receive(0))),
                                List.of(send(0, 1)),
                                List.of(send(0, 2)))));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void everyOrderOf(int preemptions, Program program) {
        long start = System.nanoTime();
        ChannelRuns runs = new ChannelRuns(program);
        long orders = runs.inEveryOrder(preemptions + MORE_PREEMPTIONS, false);
        orders += runs.inEveryOrder(1 + MORE_PREEMPTIONS, true);
        report(program.toString(), 1, orders, start);
    }

    @ParameterizedTest
    @CsvSource({
        "ONE_CHANNEL, 2, 1, 2, true",
        "ONE_CHANNEL, 2, 1, 3, false",
        "ONE_CHANNEL, 2, 2, 2, false",
        "ONE_CHANNEL, 3, 1, 2, false",
        "ONE_CHANNEL, 4, 1, 1, false",
        "OVERFLOW, 2, 2, 2, false",
        "SELECTS, 2, 1, 1, true",
        "SELECTS, 2, 1, 2, false",
        "SELECTS, 2, 2, 2, false",
        "SELECTS, 3, 1, 1, false",
        "SELECTS, 3, 2, 0, false"
    })
    void everyOrderOfAllOrSome(Programs kind, int threads, int operations, int preemptions, boolean everywhere) {
        long start = System.nanoTime();
        boolean all = kind.count(threads, operations) <= RUNS;
        Iterator<Program> programs = all ? kind.all(threads, operations) : kind.some(threads, operations, SEED);
        long orders = 0;
        int count = 0;
        while (all ? programs.hasNext() : orders < ORDERS) {
            try {
                orders += new ChannelRuns(programs.next()).inEveryOrder(preemptions + MORE_PREEMPTIONS, everywhere);
            } catch (AssertionError e) {
                throw new AssertionError("seed " + SEED + ": " + e.getMessage(), e);
            }
            count++;
        }
        report(
                kind + ", " + threads + " threads with " + operations + " operations each"
                        + (everywhere ? ", everywhere" : "") + (all ? ", all" : ", seed " + SEED),
                count,
                orders,
                start);
    }

    @ParameterizedTest
    @CsvSource({"ONE_CHANNEL, 3, 5", "OVERFLOW, 3, 4", "SELECTS, 3, 3"})
    void someOrdersOfSome(Programs kind, int threads, int operations) {
        long start = System.nanoTime();
        Iterator<Program> programs = kind.some(threads, operations, SEED);
        SplittableRandom seeds = new SplittableRandom(SEED);
        int count = RUNS / 10;
        for (int i = 0; i < count; i++) {
            ChannelRuns runs = new ChannelRuns(programs.next());
            for (int j = 0; j < ORDERS_EACH; j++) {
                try {
                    runs.inSomeOrder(seeds.nextLong(), j % 2 == 0 ? 0 : LONGEST_STOP, null);
                } catch (AssertionError e) {
                    throw new AssertionError("seed " + SEED + ": " + e.getMessage(), e);
                }
            }
        }
        report(
                kind + ", " + threads + " threads with " + operations + " operations each, some orders, seed " + SEED,
                count,
                (long) count * ORDERS_EACH,
                start);
    }

    private static void report(String what, int programs, long orders, long start) {
        System.out.println("ChannelInterleavingTest " + what + ": " + programs + " programs, " + orders + " orders, "
                + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) + " ms");
    }

    @Test
    void aSeedDecidesAll() {
        for (Programs kind : Programs.values()) {
            Program program = kind.some(3, 3, SEED).next();
            List<String> once = log(program, SEED);
            assertThat(once).isNotEmpty();
            assertThat(log(program, SEED)).isEqualTo(once);
            assertThat(LongStream.rangeClosed(1, 100).mapToObj(i -> log(program, SEED + i)))
                    .as("the orders of other seeds than %s", SEED)
                    .anyMatch(log -> !log.equals(once));
        }
    }

    private static List<String> log(Program program, long seed) {
        List<String> log = new ArrayList<>();
        new ChannelRuns(program).inSomeOrder(seed, LONGEST_STOP, log);
        return log;
    }
}
