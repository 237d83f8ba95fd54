package dev.heddle.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.testing.HeddleTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Tests run by launchers in green tasks, several at once, each with its own tests in parallel. */
class ParallelJUnitTest extends ServersTest {
    /** The heddle that the samples use; they are made by JUnit. */
    private static Heddle shared;

    /** Run by the launchers, not by the build: a nested class. */
    static final class Sample {
        private static final int AT_ONCE = 2;
        private static final CyclicBarrier MEET = new CyclicBarrier(AT_ONCE);

        @RepeatedTest(10 * AT_ONCE)
        void meetsAnother() throws Exception {
            Task<Integer> met = shared.start(() -> MEET.await(HeddleTest.LONG.toSeconds(), TimeUnit.SECONDS));
            assertThat(met.join()).isBetween(0, AT_ONCE - 1); // never, if one launcher's ran one after the other
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8})
    void launchersRunInTasks(int count) throws Exception {
        shared = heddle;
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(Sample.class))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .configurationParameter(
                        "junit.jupiter.execution.parallel.config.executor-service", "worker_thread_pool")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "4")
                .build();
        List<Task<TestExecutionSummary>> launchers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            launchers.add(heddle.start(() -> {
                SummaryGeneratingListener summary = new SummaryGeneratingListener();
                LauncherFactory.create().execute(request, summary);
                return summary.getSummary();
            }));
        }
        for (Task<TestExecutionSummary> launcher : launchers) {
            TestExecutionSummary summary = launcher.join();
            assertThat(summary.getFailures()).isEmpty();
            assertThat(summary.getTestsSucceededCount()).isEqualTo(10 * Sample.AT_ONCE);
        }
    }
}
