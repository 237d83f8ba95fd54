package dev.heddle.lab.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.lab.measure.MeasureException;
import dev.heddle.lab.measure.MeasureException.Kind;
import dev.heddle.lab.measure.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Peers are compiled, run and read. The tests need gcc, python3 and go, as the tests of the report need Chromium. */
class PeerTest {
    @TempDir
    Path cache;

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("XDG_CACHE_HOME", cache.toString());
        return environment;
    }

    /** Where xorshift is after ten turns from 1 and from 2, which every language must find out for itself. */
    private static long expected() {
        long sum = 0;
        for (long x : new long[] {1, 2}) {
            for (int i = 0; i < 10; i++) {
                x ^= x << 13;
                x ^= x >>> 7;
                x ^= x << 17;
            }
            sum += x;
        }
        return sum;
    }

    @ParameterizedTest
    @EnumSource
    void everyLanguageDoesTheSameWork(Language language) throws Exception {
        List<String> command = new ArrayList<>(new Peer(language, "turns").command(environment()));
        command.addAll(List.of("2", "20"));
        Sample sample = PeerRun.once(command);
        assertThat(sample.facts())
                .extracting(fact -> fact.name(), fact -> fact.value())
                .contains(org.assertj.core.groups.Tuple.tuple("checksum", expected()));
        assertThat(sample.nanos()).isPositive();
        assertThat(sample.cpuNanos()).isNotNegative(); // of so short a program the kernel may have seen nothing
        assertThat(sample.switches()).isNotNegative();
        assertThat(sample.peakRssBytes()).isNotZero();
        assertThat(sample.osThreads()).isNotZero();
    }

    @Test
    void whatHasBeenCompiledIsNotCompiledAgain() throws Exception {
        Peer peer = new Peer(Language.C, "turns");
        Path program = Path.of(peer.command(environment()).getFirst());
        Object first = Files.readAttributes(program, "unix:ino").get("ino");
        assertThat(Path.of(peer.command(environment()).getFirst())).isEqualTo(program);
        assertThat(Files.readAttributes(program, "unix:ino").get("ino")).isEqualTo(first);
        try (Stream<Path> entries = Files.list(cache.resolve("heddle/peers"))) {
            assertThat(entries).hasSize(1); // and nothing half done stays
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMissingToolIsNamedWithWhatToInstall(Language language) {
        Map<String, String> environment = environment();
        environment.put("PATH", cache.toString());
        assertThatThrownBy(() -> new Peer(language, "turns").command(environment))
                .isInstanceOfSatisfying(
                        MeasureException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
                .hasMessageContaining("`" + language.tool() + "` is not installed: install it");
    }

    @Test
    void aProgramThatFailsIsQuoted() throws Exception {
        Path failing = Files.writeString(cache.resolve("failing"), "#!/bin/sh\necho alas >&2\nexit 3\n");
        assertThat(failing.toFile().setExecutable(true)).isTrue();
        assertThatThrownBy(() -> PeerRun.once(List.of(failing.toString()))).hasMessageContaining("exit code 3: alas");
        assertThatThrownBy(() -> PeerRun.once(List.of("/bin/echo", "not", "JSON")))
                .hasMessageContaining("ended with 'not JSON'");
    }
}
