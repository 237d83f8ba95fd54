package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Job;
import dev.heddle.NotTransferableException;
import dev.heddle.Task;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A heddle is an {@link ExecutorService}. */
class ExecutorServiceTest extends ContractTest {
    private static final int RAN = 0;

    @TempDir
    Path folder;

    private Heddle openOne() {
        return open(options -> options.processors(1));
    }

    private static Job<Integer> number(int n) {
        return () -> n;
    }

    private static Job<Integer> failure(String message) {
        return () -> {
            throw new UnsupportedOperationException(message);
        };
    }

    private static Job<Integer> waitFor(Channel<Integer> channel) {
        return () -> channel.receive();
    }

    @Test
    void submitTakesRunnablesAndCallables() throws Exception {
        ExecutorService executor = heddle();
        SharedInts ints = new SharedInts(folder);
        Runnable runnable = (Runnable & Serializable) () -> ints.increment(RAN);
        assertThat(executor.submit(number(1)).get()).isEqualTo(1);
        assertThat(executor.submit(runnable).get()).isNull();
        assertThat(executor.submit(runnable, "given").get()).isEqualTo("given");
        assertThat(ints.get(RAN)).isEqualTo(2);
    }

    @Test
    void executeRuns() {
        SharedInts ints = new SharedInts(folder);
        heddle().execute((Runnable & Serializable) () -> ints.increment(RAN));
        eventually("it has run", () -> ints.get(RAN) == 1);
    }

    @Test
    void shutdownLetsTasksEndAndStartsNoMore() throws Exception {
        Heddle heddle = openOne();
        Channel<Integer> gate = heddle.channel(0);
        Task<Integer> task = heddle.start(waitFor(gate));
        assertThat(heddle.isShutdown()).isFalse();
        assertThat(heddle.isTerminated()).isFalse();
        heddle.shutdown();
        assertThat(heddle.isShutdown()).isTrue();
        assertThat(heddle.isTerminated()).isFalse();
        assertThatThrownBy(() -> heddle.start(number(1))).isInstanceOf(RejectedExecutionException.class);
        assertThat(heddle.awaitTermination(SHORT.toMillis(), TimeUnit.MILLISECONDS))
                .isFalse();
        gate.send(5);
        assertThat(heddle.awaitTermination(LONG.toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
        assertThat(heddle.isTerminated()).isTrue();
        assertThat(task.resultNow()).isEqualTo(5);
        heddle.close();
    }

    @Test
    void shutdownOfAnIdleHeddleTerminatesIt() {
        Heddle heddle = openOne();
        heddle.shutdown();
        assertThat(heddle.isTerminated()).isTrue();
        heddle.close();
    }

    @Test
    void shutdownNowCancelsAndReturnsWhatNeverBegan() throws Exception {
        SharedInts ints = new SharedInts(folder);
        Heddle heddle = openOne();
        Channel<Integer> running = heddle.channel(0);
        Channel<Integer> never = heddle.channel(0);
        Task<?> busy = heddle.start(() -> {
            running.send(1);
            never.receive();
        });
        running.receive();
        Task<Integer> behind = heddle.start(() -> ints.increment(RAN));
        if (exempt(Exemption.BEGINS_AT_ONCE)) {
            assertThat(behind.join()).isEqualTo(1);
            assertThat(heddle.shutdownNow()).isEmpty();
        } else {
            assertThat(heddle.shutdownNow()).containsExactly((Runnable) behind);
            assertThat(behind.isCancelled()).isTrue();
            assertThat(ints.get(RAN)).isZero();
        }
        assertThat(busy.isCancelled()).isTrue();
        assertThat(heddle.awaitTermination(LONG.toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
        heddle.close();
    }

    @Test
    void shutdownNowInterruptsCodeThatWasCancelledGently() throws Exception {
        Heddle heddle = openOne();
        Channel<Integer> running = heddle.channel(0);
        Channel<Integer> never = heddle.channel(0);
        Task<?> task = heddle.start(() -> {
            running.send(1);
            never.receive();
        });
        running.receive();
        assertThat(task.cancel(false)).isTrue();
        assertThat(heddle.shutdownNow()).isEmpty();
        assertThat(heddle.awaitTermination(LONG.toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
        heddle.close();
    }

    @Test
    void awaitTerminationOfAnOpenHeddleTimesOut() throws Exception {
        assertThat(heddle().awaitTermination(SHORT.toMillis(), TimeUnit.MILLISECONDS))
                .isFalse();
        assertThat(heddle().start(number(1)).join()).isEqualTo(1);
    }

    @Test
    void invokeAllReturnsEndedFuturesInOrder() throws Exception {
        List<Future<Integer>> futures = heddle().invokeAll(List.of(number(1), failure("torn"), number(3)));
        assertThat(futures).hasSize(3).allMatch(Future::isDone);
        assertThat(futures.get(0).resultNow()).isEqualTo(1);
        assertThat(futures.get(1).exceptionNow()).hasMessage("torn");
        assertThat(futures.get(2).resultNow()).isEqualTo(3);
        assertThat(heddle().invokeAll(List.<Job<Integer>>of())).isEmpty();
    }

    @Test
    void invokeAllCancelsWhatTheTimeCutsOff() throws Exception {
        Channel<Integer> never = heddle().channel(0);
        List<Future<Integer>> futures =
                heddle().invokeAll(List.of(number(1), waitFor(never)), SMALL.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(futures.get(0).resultNow()).isEqualTo(1);
        assertThat(futures.get(1).isCancelled()).isTrue();
    }

    @Test
    void invokeAnyReturnsASuccessAndCancelsTheRest() throws Exception {
        Channel<Integer> never = heddle().channel(0);
        assertThat(heddle().invokeAny(List.of(failure("torn"), number(2)))).isEqualTo(2);
        assertThat(heddle().invokeAny(List.of(waitFor(never), number(2)))).isEqualTo(2);
    }

    @Test
    void invokeAnyFailsIfAllFail() {
        assertThatThrownBy(() -> heddle().invokeAny(List.of(failure("torn"), failure("torn"))))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> heddle().invokeAny(List.<Job<Integer>>of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void invokeAnyTimesOut() {
        Channel<Integer> never = heddle().channel(0);
        assertThatThrownBy(() -> heddle().invokeAny(List.of(waitFor(never)), SHORT.toMillis(), TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void aCompletableFutureRunsOnIt() throws Exception {
        if (exempt(Exemption.JOBS_MUST_BE_SERIALIZABLE)) {
            assertThatThrownBy(() -> CompletableFuture.supplyAsync(() -> 20, heddle()))
                    .isInstanceOf(NotTransferableException.class)
                    .hasMessageContaining("CompletableFuture");
            return;
        }
        Heddle heddle = heddle();
        CompletableFuture<Integer> sum = CompletableFuture.supplyAsync(() -> 20, heddle)
                .thenCombineAsync(CompletableFuture.supplyAsync(() -> 22, heddle), Integer::sum, heddle);
        eventually("it has run", sum::isDone); // get() would not let the owner's fibers run
        assertThat(sum.get()).isEqualTo(42);
    }
}
