package dev.heddle.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The JDK's own users of an executor. */
class FuturesTest extends ServersTest {
    private static final int CHAINS = 1_000;

    @Test
    void chainsOfCompletableFutures() {
        AtomicInteger elsewhere = new AtomicInteger();
        List<CompletableFuture<Integer>> chains = new ArrayList<>();
        for (int i = 0; i < CHAINS; i++) {
            int me = i;
            CompletableFuture<Integer> other = CompletableFuture.supplyAsync(() -> me, heddle);
            chains.add(CompletableFuture.supplyAsync(() -> me, heddle)
                    .thenApplyAsync(n -> n + 1, heddle)
                    .thenComposeAsync(n -> CompletableFuture.supplyAsync(() -> 2 * n, heddle), heddle)
                    .thenCombineAsync(
                            other,
                            (a, b) -> {
                                if (!onHeddle()) {
                                    elsewhere.incrementAndGet();
                                }
                                return a - b;
                            },
                            heddle));
        }
        CompletableFuture.allOf(chains.toArray(CompletableFuture[]::new)).join();
        for (int i = 0; i < CHAINS; i++) {
            assertThat(chains.get(i).join()).isEqualTo(i + 2);
        }
        assertThat(elsewhere.get()).isZero();
    }

    @Test
    void aFailureGoesDownTheChainAndNowhereElse() {
        CompletableFuture<Integer> failing = CompletableFuture.<Integer>supplyAsync(
                        () -> {
                            throw new IllegalStateException("torn");
                        },
                        heddle)
                .thenApplyAsync(n -> n + 1, heddle);
        assertThatThrownBy(failing::join)
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("torn");
    }

    @Test
    void tasksWaitForFutures() throws Exception {
        CompletableFuture<Integer> seed = new CompletableFuture<>();
        List<Task<Integer>> waiting = new ArrayList<>();
        CompletableFuture<Integer> last = seed;
        for (int i = 0; i < CHAINS; i++) {
            CompletableFuture<Integer> previous = last;
            last = CompletableFuture.supplyAsync(() -> previous.join() + 1, heddle); // each waits in a task for another
            waiting.add(heddle.start(() -> previous.get()));
        }
        seed.complete(0);
        assertThat(last.get()).isEqualTo(CHAINS);
        for (int i = 0; i < CHAINS; i++) {
            assertThat(waiting.get(i).join()).isEqualTo(i);
        }
    }

    @Test
    void completionServices() throws Exception {
        ExecutorCompletionService<Integer> service = new ExecutorCompletionService<>(heddle);
        int sum = 0;
        for (int i = 0; i < CHAINS; i++) {
            int me = i;
            service.submit(() -> me);
            sum += i;
        }
        for (int i = 0; i < CHAINS; i++) {
            sum -= service.take().get();
        }
        assertThat(sum).isZero();
    }
}
