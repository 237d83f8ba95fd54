package dev.heddle.lab.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.FiberBacking;
import dev.heddle.Model;
import dev.heddle.lab.measure.MeasureException;
import dev.heddle.lab.peer.Language;
import dev.heddle.lab.peer.Peer;
import dev.heddle.lab.probe.Finding.Says;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Feeds the prober programs whose kind is hidden from it: each is started by a script that has the same name in another folder.
 * What the prober cannot make sure, on a machine that is busy, it may leave open; what it says must be right.
 */
class ProberTest {
    @TempDir
    Path folder;

    record Truth(String kind, Says managed, Says space, Says concurrent, Says preemptive) {}

    static Stream<Arguments> programs() throws Exception {
        Says yes = Says.YES;
        Says no = Says.NO;
        return Stream.of(
                Arguments.of(
                        HeddleProbe.command(Model.PROCESS, 8, FiberBacking.CONTINUATION),
                        new Truth("OS processes", yes, yes, yes, yes)),
                Arguments.of(
                        HeddleProbe.command(Model.THREAD, 2, FiberBacking.CONTINUATION),
                        new Truth("OS threads", yes, no, yes, yes)),
                Arguments.of(
                        HeddleProbe.command(Model.GREEN, 2, FiberBacking.CONTINUATION),
                        new Truth("green threads on several processors", no, no, yes, yes)),
                Arguments.of(
                        HeddleProbe.command(Model.GREEN, 1, FiberBacking.CONTINUATION),
                        new Truth("green threads on one processor", no, no, no, yes)),
                Arguments.of(
                        HeddleProbe.command(Model.FIBER, 1, FiberBacking.CONTINUATION),
                        new Truth("fibers", no, no, no, no)),
                Arguments.of(
                        HeddleProbe.command(Model.FIBER, 1, FiberBacking.OS_THREAD),
                        new Truth("fibers, each with an OS thread", yes, no, no, no)),
                Arguments.of(peer(Language.C, 0), new Truth("OS threads", yes, no, yes, yes)),
                Arguments.of(
                        peer(Language.PYTHON, 1),
                        new Truth("OS threads of which one runs at a time", yes, no, no, yes)),
                Arguments.of(peer(Language.PYTHON, 2), new Truth("OS processes", yes, yes, yes, yes)),
                Arguments.of(peer(Language.GO, 1), new Truth("green threads on one processor", no, no, no, yes)),
                Arguments.of(peer(Language.GO, 2), new Truth("green threads on several processors", no, no, yes, yes)));
    }

    private static List<String> peer(Language language, int arg) throws MeasureException {
        return Stream.concat(new Peer(language, "probe").command().stream(), Stream.of(String.valueOf(arg)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void whatItSaysIsTrue(List<String> command, Truth truth) throws Exception {
        String words = command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        Path hidden = Files.writeString(folder.resolve("program"), "#!/bin/sh\nexec " + words + "\n");
        assertThat(hidden.toFile().setExecutable(true)).isTrue();

        Profile profile = Prober.probe(List.of(hidden.toString()));

        String seen = profile.findings().toString();
        assertThat(profile.of(Trait.MANAGED).says()).as(seen).isEqualTo(truth.managed());
        assertThat(profile.of(Trait.ADDRESS_SPACE).says()).as(seen).isEqualTo(truth.space());
        assertThat(profile.of(Trait.CONCURRENT).says()).as(seen).isIn(truth.concurrent(), Says.UNSURE);
        assertThat(profile.of(Trait.PREEMPTIVE).says()).as(seen).isIn(truth.preemptive(), Says.UNSURE);
        boolean sure = Stream.of(Trait.CONCURRENT, Trait.PREEMPTIVE)
                .allMatch(trait -> profile.of(trait).says() != Says.UNSURE);
        if (sure) {
            assertThat(profile.kind()).isEqualTo(truth.kind());
        }
        assertThat(profile.findings().values())
                .allSatisfy(finding -> assertThat(finding.evidence()).hasSizeGreaterThan(20));
    }

    /** A program can say what it likes; that there are such OS tasks is looked up. */
    @Test
    void idsThatAreMadeUpAreNotBelieved() throws Exception {
        Profile profile = Prober.probe(List.of(script("""
                echo '{"probe":1}'
                while read command n; do
                    case $command in
                        wait) echo '{"ids":["1/task/1","2/task/2","3/task/3","4/task/4","5/task/5","6/task/6","7/task/7","8/task/8"]}' ;;
                        write) echo '{"seen":0}' ;;
                        tick) echo '{"gap":1}' ;;
                        move) echo '{"moved":0}' ;;
                        *) echo '{}' ;;
                    esac
                done
                """)));
        assertThat(profile.of(Trait.MANAGED).says()).isEqualTo(Says.NO);
        assertThat(profile.of(Trait.CONCURRENT).says()).isNotEqualTo(Says.YES);
        assertThat(profile.kind()).isEqualTo("not sure"); // an own address space without an OS process cannot be
    }

    @Test
    void whoDoesNotTakePartIsLookedAt() throws Exception {
        String waiting = new Peer(Language.C, "overlap").command().getFirst();
        Profile threads = Prober.probe(List.of(waiting, "4", "1000000000"), Duration.ofSeconds(30));
        assertThat(threads.kind()).isEqualTo("OS threads, with or without green threads on them");
        assertThat(threads.of(Trait.MANAGED).evidence()).contains("1 processes and 5 OS tasks");
        assertThat(threads.of(Trait.PREEMPTIVE).says()).isEqualTo(Says.UNSURE);

        Profile processes = Prober.probe(List.of(script("sleep 2 & sleep 2 & sleep 2 & wait")), Duration.ofSeconds(30));
        assertThat(processes.kind()).isEqualTo("OS processes");
    }

    private String script(String text) throws Exception {
        Path script = Files.writeString(folder.resolve("script"), "#!/bin/sh\n" + text + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script.toString();
    }

    @Test
    void aProgramThatStopsTakingPartIsQuoted() {
        assertThatThrownBy(() -> Prober.probe(List.of(script("echo '{\"probe\":1}'; echo no more >&2; exit 1"))))
                .isInstanceOf(MeasureException.class)
                .hasMessageContaining("it wrote: no more");
        assertThatThrownBy(() -> Prober.probe(List.of(folder.resolve("nothing").toString())))
                .isInstanceOf(MeasureException.class)
                .hasMessageContaining("cannot be started: there is no such file");
        assertThatThrownBy(() -> Prober.probe(List.of("heddle-knows-no-such-program")))
                .hasMessageContaining("there is no such program on the PATH");
    }

    @Test
    void theKindFollowsFromTheFindings() {
        Finding yes = Finding.yes("seen");
        Finding no = Finding.no("seen");
        assertThat(kind(yes, no, no, no)).isEqualTo("fibers, each with an OS thread");
        assertThat(kind(yes, yes, Finding.unsure("?"), Finding.unsure("?"))).isEqualTo("OS processes");
        assertThat(kind(no, no, Finding.unsure("?"), yes)).isEqualTo("not sure");
        assertThat(Profile.of(Map.of(), 0).kind()).isEqualTo("not sure");
    }

    private static String kind(Finding managed, Finding space, Finding concurrent, Finding preemptive) {
        return Profile.of(
                        Map.of(
                                Trait.MANAGED, managed,
                                Trait.ADDRESS_SPACE, space,
                                Trait.CONCURRENT, concurrent,
                                Trait.PREEMPTIVE, preemptive),
                        1)
                .kind();
    }
}
