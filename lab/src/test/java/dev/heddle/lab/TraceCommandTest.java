package dev.heddle.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Model;
import dev.heddle.trace.Recording;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TraceCommandTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void everyModelIsRecorded(Model model) throws Exception {
        Heddles.Ended ended = Heddles.run(
                folder,
                "trace",
                "primes",
                "100_000",
                "--model",
                model.name().toLowerCase(Locale.ROOT),
                "-o",
                "x.heddle");
        assertThat(ended.err()).isEmpty();
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).matches("\\d+ events: x.heddle\n");
        Recording recording = Recording.readFrom(folder.resolve("x.heddle"));
        assertThat(recording.model()).isEqualTo(model);
        assertThat(recording.size()).isGreaterThan(4);
    }

    @Test
    void stacksAreNotedIfTheyAreAskedFor() throws Exception {
        assertThat(Heddles.run(folder, "trace", "primes", "1000", "--stacks", "-o", "x.heddle")
                        .code())
                .isZero();
        Recording recording = Recording.readFrom(folder.resolve("x.heddle"));
        assertThat(recording.stacks())
                .isNotEmpty()
                .allSatisfy(stack -> assertThat(stack).anyMatch(frame -> frame.startsWith("dev.heddle.lab.")));
    }

    @Test
    void aRecordingIsMadeIntoAnotherForm() throws Exception {
        assertThat(Heddles.run(folder, "trace", "primes", "1000", "-o", "x.heddle")
                        .code())
                .isZero();
        assertThat(Heddles.run(folder, "trace", "x.heddle", "-o", "x.json").code())
                .isZero();
        assertThat(Files.readString(folder.resolve("x.json"))).startsWith("{\"version\": 1, \"model\": \"GREEN\"");
    }

    @Test
    void withoutAFileItIsAPage() throws Exception {
        Heddles.Ended ended = Heddles.run(folder, "trace", "primes", "1000");
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).matches("\\d+ events: .*/trace.html\n");
        assertThat(Files.readString(folder.resolve("trace.html"))).startsWith("<!DOCTYPE html>");
    }

    @Test
    void asTextItNeedsNoFile() throws Exception {
        Heddles.Ended ended = Heddles.run(folder, "trace", "primes", "1000", "--text");
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).startsWith("GREEN, ").contains(" ends: ok\n");
        assertThat(ended.out().lines()).allMatch(line -> line.length() <= 100);
        assertThat(folder.resolve("trace.html")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "trace prims                     | Did you mean primes?",
                "trace primes -o x.jsn           | Did you mean json?",
                "trace primes -o x.pdf           | must end in .html, .json, .jfr, .pftrace, .heddle.",
                "trace none.heddle -o x.json     | there is no recording none.heddle",
                "trace primes --processors 0     | --processors must be from 1 to 1024, and is 0",
                "trace primes --processors 5000  | --processors must be from 1 to 1024, and is 5000",
                "trace .                         | . is no recording of Heddle's, whose name would end in .heddle",
            })
    void wrongUseIsASentence(String line, String sentence) throws Exception {
        Heddles.Ended ended = Heddles.run(folder, line.trim().split(" +"));
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).startsWith("heddle: ").contains(sentence).hasLineCount(1);
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void afterCtrlCTheRecordingIsKept() throws Exception {
        Heddles.Running running = Heddles.start(folder, "trace", "primes", "2_000_000_000", "-o", "x.heddle");
        // It has begun when its workload's tasks have used the processor.
        while (running.process().info().totalCpuDuration().orElseThrow().toSeconds() < 3) {
            assertThat(running.process().waitFor(10, TimeUnit.MILLISECONDS)).isFalse();
        }
        running.process().destroy(); // ends it as Ctrl-C does
        Heddles.Ended ended = running.await();
        assertThat(ended.code()).isNotZero();
        assertThat(ended.err()).isEqualTo("heddle: interrupted; what had been recorded until then is kept.\n");
        assertThat(ended.out()).matches("\\d+ events: x.heddle\n");
        assertThat(Recording.readFrom(folder.resolve("x.heddle")).model()).isEqualTo(Model.GREEN);
    }

    @Test
    void moreClientsThanFilesIsASentence() throws Exception {
        Heddles.Ended ended = Heddles.runWithFiles(250, folder, "trace", "clients", "2000", "--text");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err())
                .startsWith(
                        "heddle: 2000 clients at the same time need 6,000 open files, and a process may have 250 here")
                .contains("ulimit -Hn")
                .hasLineCount(1);
    }

    @Test
    void aDamagedRecordingIsASentence() throws Exception {
        Files.writeString(folder.resolve("x.heddle"), "no recording");
        Heddles.Ended ended = Heddles.run(folder, "trace", "x.heddle", "-o", "x.json");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("x.heddle is no recording of Heddle's").hasLineCount(1);
    }
}
