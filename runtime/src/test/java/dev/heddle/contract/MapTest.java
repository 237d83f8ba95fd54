package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.LimitPolicy;
import dev.heddle.Mapper;
import dev.heddle.NotTransferableException;
import dev.heddle.Results;
import dev.heddle.TaskFailedException;
import dev.heddle.TaskOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code map()} makes a result of each input, in order, and no more at a time than is wanted. */
class MapTest extends GroupTest {
    /** With two processors. */
    private static final int AHEAD = 16;

    private static List<Integer> range(int n) {
        return IntStream.range(0, n).boxed().toList();
    }

    private static Mapper<Integer, Integer> failingAt(int bad) {
        return x -> {
            if (x == bad) {
                throw new UnsupportedOperationException("torn");
            }
            return x;
        };
    }

    @ParameterizedTest(name = "chunks of {0}")
    @ValueSource(ints = {1, 3, 7, 100})
    void theResultsAreInTheOrderOfTheInputs(int chunk) {
        for (int n : new int[] {0, 1, 7, 50}) {
            try (Results<Integer> results = heddle().map(range(n), x -> x * x, chunk)) {
                assertThat(results)
                        .containsExactlyElementsOf(
                                range(n).stream().map(x -> x * x).toList());
                assertThat(results.iterator().hasNext()).as("more").isFalse();
                assertThatThrownBy(() -> results.iterator().next()).isInstanceOf(NoSuchElementException.class);
            }
        }
    }

    @Test
    void whoeverEndsFirst() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> gate = heddle.channel(0);
        try (Results<Integer> results = heddle.map(range(2), x -> {
            if (x == 0) {
                return gate.receive();
            }
            gate.send(5);
            return x;
        })) {
            assertThat(results).containsExactly(5, 1);
        }
    }

    @Test
    void inputsAndResultsMayBeNull() {
        List<@Nullable String> inputs = Arrays.asList(null, "a");
        try (Results<@Nullable String> results =
                heddle().<@Nullable String, @Nullable String>map(inputs, x -> x == null ? "none" : null)) {
            assertThat(results).containsExactly("none", null);
        }
    }

    @Test
    void noMoreIsTakenOfEndlessInputsThanIsWanted() {
        SharedInts ints = new SharedInts(folder);
        int chunk = 3;
        AtomicInteger taken = new AtomicInteger();
        Iterable<Integer> endless =
                () -> Stream.generate(taken::getAndIncrement).iterator();
        Heddle heddle = heddle();
        try (Results<Integer> results = heddle.map(
                endless,
                x -> {
                    ints.increment(0);
                    return x;
                },
                chunk)) {
            awaitIdle(heddle);
            assertThat(ints.get(0)).as("done before a result was taken").isEqualTo(AHEAD * chunk);
            Iterator<Integer> iterator = results.iterator();
            for (int i = 0; i < 100; i++) {
                assertThat(iterator.next()).isEqualTo(i);
                assertThat(taken.get()).isLessThanOrEqualTo(i + (AHEAD + 1) * chunk);
            }
        }
        awaitIdle(heddle);
        assertThat(ints.get(0)).isLessThanOrEqualTo(taken.get());
    }

    @ParameterizedTest(name = "chunks of {0}")
    @ValueSource(ints = {1, 4})
    void theFirstFailureEndsItAfterTheResultsBeforeIt(int chunk) {
        try (Heddle heddle = open(options -> options.processors(2))) { // close() has nothing to report
            List<Integer> seen = new ArrayList<>();
            Results<Integer> results = heddle.map(range(1_000), failingAt(6), chunk);
            assertThatThrownBy(() -> results.forEach(seen::add))
                    .isInstanceOf(TaskFailedException.class)
                    .hasMessage("a map of heddle " + heddle.name()
                            + " failed at input 6: java.lang.UnsupportedOperationException: torn")
                    .cause()
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThat(seen).isEqualTo(range(6));
            assertThatThrownBy(() -> results.iterator().hasNext()).as("again").isInstanceOf(TaskFailedException.class);
            assertThat(heddle.stats().started()).isLessThan(100);
            results.close();
            assertThat(results.iterator().hasNext()).as("after close").isFalse();
        }
    }

    /** Not serializable: it has a thread. */
    private static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings({"serial", "UnusedVariable"})
        private final Thread thread = Thread.currentThread();

        Unreadable() {
            super("its own");
        }
    }

    @Test
    void anExceptionThatCannotCrossIsDescribed() {
        try (Results<Integer> results = heddle().map(
                        range(5),
                        x -> {
                            if (x == 3) {
                                throw new Unreadable();
                            }
                            return x;
                        },
                        5)) {
            Iterator<Integer> iterator = results.iterator();
            for (int i = 0; i < 3; i++) {
                assertThat(iterator.next()).isEqualTo(i);
            }
            assertThatThrownBy(iterator::next)
                    .isInstanceOf(TaskFailedException.class)
                    .hasMessageContaining("failed at input 3: ")
                    .hasMessageContaining("Unreadable: its own");
        }
    }

    @Test
    void aFailureCancelsWhatIsAhead() {
        SharedInts ints = new SharedInts(folder);
        Heddle heddle = heddle();
        Channel<Integer> running = heddle.channel(0);
        Channel<Integer> never = heddle.channel(0);
        try (Results<Integer> results = heddle.map(range(4), x -> {
            return x == 0
                    ? once(1, running, failure("torn")).call()
                    : waiting(ints, running, never).call();
        })) {
            assertThatThrownBy(() -> results.iterator().hasNext()).hasRootCauseMessage("torn");
        }
        assertNoneLives(heddle, ints);
    }

    @Test
    void closingItCancelsTheRestAndWaitsForItsCode() throws Exception {
        SharedInts ints = new SharedInts(folder);
        Heddle heddle = heddle();
        Channel<Integer> running = heddle.channel(0);
        Channel<Integer> never = heddle.channel(0);
        Results<Integer> results =
                heddle.map(range(100), x -> waiting(ints, running, never).call());
        running.receive();
        running.receive();
        results.close();
        assertNoneLives(heddle, ints);
        assertThat(results.iterator().hasNext()).isFalse();
        results.close();
    }

    @Test
    void aChunkThatIsCancelledEndsBetweenTwoInputs() throws Exception {
        SharedInts ints = new SharedInts(folder);
        Heddle heddle = heddle();
        Channel<Integer> running = heddle.channel(0);
        Results<Integer> results = heddle.map(
                range(1_000),
                x -> {
                    if (x == 0) {
                        running.send(1);
                    }
                    while (!Thread.currentThread().isInterrupted()) {
                        Heddle.yield();
                    }
                    return ints.increment(0);
                },
                1_000);
        running.receive();
        results.close();
        assertThat(ints.get(0)).isEqualTo(1);
    }

    @Test
    void anInterruptedConsumerLosesNothing() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> running = heddle.channel(0);
        Channel<Integer> gate = heddle.channel(0);
        Thread consumer = Thread.currentThread();
        try (Results<Integer> results = heddle.map(range(3), x -> {
            if (x == 0) {
                running.send(1);
                gate.receive();
            }
            return x;
        })) {
            spawn(() -> {
                running.receive();
                consumer.interrupt();
            });
            assertThatThrownBy(() -> results.iterator().hasNext())
                    .isInstanceOf(CancellationException.class)
                    .hasMessageContaining("interrupted");
            assertThat(Thread.interrupted()).as("still interrupted").isTrue();
            gate.send(1);
            assertThat(results).containsExactly(0, 1, 2);
        }
    }

    @Test
    void whatTheInputsThrowComesInTheirPlace() {
        Iterable<Integer> torn = () -> IntStream.range(0, 10)
                .map(x -> {
                    if (x == 5) {
                        throw new UnsupportedOperationException("torn");
                    }
                    return x;
                })
                .iterator();
        try (Results<Integer> results = heddle().map(torn, x -> x, 2)) {
            List<Integer> seen = new ArrayList<>();
            assertThatThrownBy(() -> results.forEach(seen::add))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage("torn");
            assertThat(seen).isEqualTo(range(5));
        }
    }

    @Test
    void aTaskThatIsRejectedEndsItAfterTheResultsBeforeIt() {
        try (Heddle heddle = open(options -> options.processors(1).maxTasks(3, LimitPolicy.REJECT))) {
            Channel<Integer> gate = heddle.channel(10);
            Results<Integer> results = heddle.map(range(10), x -> gate.receive());
            assertThat(heddle.stats().started()).isEqualTo(3);
            spawn(() -> {
                for (int i = 0; i < 3; i++) {
                    gate.send(i);
                }
            });
            Iterator<Integer> iterator = results.iterator();
            IntStream.range(0, 3).forEach(i -> iterator.next());
            assertThatThrownBy(iterator::next).isInstanceOf(RejectedExecutionException.class);
        }
    }

    @Test
    void moreTasksThanTheLimitWaitForRoom() {
        try (Heddle heddle = open(options -> options.processors(2).maxTasks(2, LimitPolicy.BLOCK));
                Results<Integer> results = heddle.map(range(50), x -> x)) {
            assertThat(results).containsExactlyElementsOf(range(50));
        }
    }

    @Test
    void shutdownNowEndsIt() throws Exception {
        Heddle heddle = open(options -> options.processors(2));
        Channel<Integer> running = heddle.channel(0);
        Channel<Integer> never = heddle.channel(0);
        SharedInts ints = new SharedInts(folder);
        Results<Integer> results =
                heddle.map(range(10), x -> waiting(ints, running, never).call());
        running.receive();
        heddle.shutdownNow();
        assertThatThrownBy(() -> results.iterator().hasNext()).isInstanceOf(CancellationException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        results.close();
        heddle.close();
    }

    @Test
    void aTimeLimitIsThatOfAChunk() {
        Heddle heddle = heddle();
        Channel<Integer> never = heddle.channel(0);
        try (Results<Integer> results =
                heddle.map(range(10), x -> never.receive(), 5, TaskOptions.DEFAULT.timeLimit(SMALL))) {
            assertThatThrownBy(() -> results.iterator().hasNext())
                    .isInstanceOf(TaskFailedException.class)
                    .hasMessageContaining("failed at one of the inputs 0 to 4: ")
                    .hasCauseInstanceOf(TimeoutException.class);
        }
    }

    /** Not serializable. */
    private static final class Connection {
        int read() {
            return 7;
        }
    }

    @Test
    void whatCannotCrossIsNamed() {
        Connection connection = new Connection();
        try (Results<Integer> results = heddle().map(range(3), x -> connection.read() + x)) {
            if (exempt(Exemption.JOBS_MUST_BE_SERIALIZABLE)) {
                assertThatThrownBy(() -> results.iterator().hasNext())
                        .isInstanceOf(NotTransferableException.class)
                        .hasMessageContaining("connection")
                        .hasMessageContaining("open it inside the job");
            } else {
                assertThat(results).containsExactly(7, 8, 9);
            }
        }
        try (Results<Integer> results =
                heddle().map(List.<Object>of(1, new Connection()), x -> x instanceof Integer i ? i : 0)) {
            if (exempt(Exemption.JOBS_MUST_BE_SERIALIZABLE)) {
                assertThat(results.iterator().next()).isEqualTo(1);
                assertThatThrownBy(() -> results.iterator().next())
                        .isInstanceOf(NotTransferableException.class)
                        .hasMessageContaining("input 1 of a map: ")
                        .hasMessageContaining("Connection");
            } else {
                assertThat(results).containsExactly(1, 0);
            }
        }
    }

    @Test
    void chunksOfNothingAreASentence() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> heddle().map(range(1), x -> x, 0))
                .withMessageContaining("each task needs 1 input or more");
    }
}
