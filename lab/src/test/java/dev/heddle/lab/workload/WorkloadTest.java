package dev.heddle.lab.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Outcome.Fact;
import dev.heddle.lab.UsageException;
import dev.heddle.lab.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each workload under each model; sizes are small, since here the results matter and not the times. */
class WorkloadTest {
    private static Outcome run(Workload workload, Model model, int processors, String... args) throws Exception {
        try (Heddle h = Heddle.builder(model).processors(processors).open()) {
            return workload.run(h, new Args(List.of(args)));
        }
    }

    private static Object fact(Outcome outcome, String name) {
        return outcome.facts().stream()
                .filter(fact -> fact.name().equals(name))
                .map(Fact::value)
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void primes(Model model) throws Exception {
        assertThat(fact(run(new Primes(), model, 2, "100_000"), "primes")).isEqualTo(9592L);
    }

    @ParameterizedTest
    @EnumSource
    void digest(Model model, @TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("a"), "one");
        Files.createDirectories(folder.resolve("sub"));
        Files.write(folder.resolve("sub/b"), new byte[600_000]);
        Outcome outcome = run(new Digest(), model, 2, folder.toString());
        assertThat(fact(outcome, "files")).isEqualTo(2L);
        assertThat(fact(outcome, "digest")).isEqualTo(DigestTest.bySha256sum(folder));
    }

    /** Each answer is verified by its client, to the byte. */
    @ParameterizedTest
    @EnumSource
    void httpClients(Model model) throws Exception {
        assertThat(run(new HttpClients(), model, 2, "20", "5").latencies())
                .hasSize(100)
                .doesNotContain(0);
    }

    @ParameterizedTest
    @EnumSource
    void clients(Model model) throws Exception {
        Outcome outcome = run(new Clients(), model, 2, "20", "5");
        assertThat(outcome.latencies()).hasSize(100).doesNotContain(0);
    }

    /** More clients than processors, where a client that waits would hold the only worker. */
    @ParameterizedTest
    @EnumSource
    void clientsOnOneProcessor(Model model) throws Exception {
        assertThat(run(new Clients(), model, 1, "10", "3").latencies()).hasSize(30);
    }

    @ParameterizedTest
    @EnumSource(names = {"THREAD", "GREEN"})
    void aThousandClients(Model model) throws Exception {
        assertThat(run(new Clients(), model, 2, "1000", "3").latencies()).hasSize(3_000);
    }

    @ParameterizedTest
    @CsvSource({"PROCESS,1", "PROCESS,2", "THREAD,1", "THREAD,2", "GREEN,1", "GREEN,2", "FIBER,1"})
    void counter(Model model, int processors) throws Exception {
        Outcome outcome = run(new Counter(), model, processors, "10000");
        boolean copies = model == Model.PROCESS;
        assertThat(fact(outcome, "address spaces")).isEqualTo(copies ? processors + 1L : 1L);
        if (copies || model == Model.FIBER) {
            assertThat(fact(outcome, "final value")).isEqualTo(0L);
        } else {
            assertThat((long) fact(outcome, "final value")).isBetween(-10_000L, 10_000L); // chance decides
        }
    }

    @Test
    void theSameInstanceServesManyRuns() throws Exception {
        Primes primes = new Primes();
        try (Heddle h = Heddle.builder(Model.THREAD).processors(2).open()) {
            for (int i = 0; i < 3; i++) {
                assertThat(fact(primes.run(h, new Args(List.of("1000"))), "primes"))
                        .isEqualTo(168L);
            }
            assertThat(fact(primes.run(h, new Args(List.of("10"))), "primes")).isEqualTo(4L);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,0", "2,0", "3,1", "4,2", "10,4", "11,4", "12,5", "100,25", "1000000,78498", "100000000,5761455"})
    void primesAreCountedBelowTheNumberByTheSecondMethodToo(int n, long count) {
        assertThat(Primes.primesBelow(n)).isEqualTo(count);
    }

    @Test
    void wrongArgumentsAreNamed() {
        assertThatThrownBy(() -> run(new Primes(), Model.THREAD, 1, "10", "20"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("'20' is one more");
        assertThatThrownBy(() -> run(new Primes(), Model.THREAD, 1, "3000000000"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("at most 2,000,000,000");
        assertThatThrownBy(() -> run(new Clients(), Model.THREAD, 1, "0"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("CLIENTS must be at least 1");
        assertThatThrownBy(() -> run(new Digest(), Model.THREAD, 1, "/no/such/folder"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("/no/such/folder");
    }
}
