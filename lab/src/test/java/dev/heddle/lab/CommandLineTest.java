package dev.heddle.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each command prints, where, and how it ends. */
class CommandLineTest {
    @TempDir
    Path folder;

    @Test
    void withoutACommandItHelps() throws Exception {
        Heddles.Ended ended = Heddles.run(folder);
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("compare", "list", "doctor", "live", "stories", "explain", "Exit codes");
        assertThat(ended.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cmpare                          | there is no command 'cmpare'. Did you mean compare?",
                "--vrsion                        | Did you mean --version?",
                "compare dgest                   | Did you mean digest?",
                "compare --jsn                   | Did you mean --json?",
                "compare --models gren           | expected one of [PROCESS, THREAD, GREEN, FIBER]",
                "compare --repeats 0             | --repeats must be at least 1, and is 0",
                "compare --processors 1,0        | --processors must be from 1 to 1024, and is 0",
                "compare -o no/such/folder/x.csv | cannot write no/such/folder/x.csv",
                "compare -o x.pdf                | must end in .html, .json or .csv",
                "compare --class-path .          | --class must say which",
                "compare --class a.B --class-path nowhere.jar | nowhere.jar, which does not exist",
                "advise                          | there is no heddle-report.html: run `heddle compare` first",
                "advise out.json                 | there is no out.json: run `heddle compare` first",
                "advise .                        | . is a folder: run `heddle compare` first",
                "advise one two                  | is more than the command takes",
                "compare-runs a.json b.json      | there is no a.json: name two files that `heddle answers --json FILE`",
                "answers Q1 -o same --json same  | -o and --json name the same file, same: name two",
                "answers Q1 --json no/such.json  | name another file with --json",
                "stories --story 9               | there is no story 9: they are 1 to 8",
                "stories -o x.pdf                | -o x.pdf must end in .html",
                "stories -o no/such/folder/x.html | cannot write no/such/folder/x.html",
                "explain lost updat              | Did you mean lost update?",
                "explain qqqqqqqqqqqqqqqq        | the glossary has no",
            })
    void wrongUseIsASentenceAndEndsWith2(String line, String sentence) throws Exception {
        Heddles.Ended ended = Heddles.run(folder, line.trim().split(" +"));
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).startsWith("heddle: ").contains(sentence).hasLineCount(1);
        assertThat(ended.out()).isEmpty();
        assertThat(folder.resolve("heddle-report.html")).doesNotExist();
    }

    /** These are found out by the runner, and end the comparison all the same before anything is shown. */
    @ParameterizedTest
    @ValueSource(strings = {"compare primes none --models thread", "compare --class no.such.Thing --models thread"})
    void whatOnlyTheRunnerCanTellIsWrongUseToo(String line) throws Exception {
        Heddles.Ended ended = Heddles.run(folder, line.split(" "));
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).startsWith("heddle: ").hasLineCount(1);
        assertThat(ended.out()).isEmpty();
        assertThat(folder.resolve("heddle-report.html")).doesNotExist();
    }

    @Test
    void listNamesWorkloadsAndModels() throws Exception {
        Heddles.Ended ended = Heddles.run(folder, "list");
        assertThat(ended.out())
                .contains("digest", "primes", "clients", "counter", "PROCESS", "THREAD", "GREEN", "FIBER");
        assertThat(ended.out()).doesNotContain("not available");
        assertThat(ended.code()).isZero();
    }

    @Test
    void doctorHasALineForEachThing() throws Exception {
        Heddles.Ended ended = Heddles.run(folder, "doctor");
        assertThat(ended.code()).isZero();
        assertThat(ended.out().lines().filter(line -> line.matches("(ok|warn|fail) .*")))
                .hasSizeGreaterThanOrEqualTo(7);
        assertThat(ended.out()).contains("JDK", "CPUs", "/dev/shm", "--add-opens");
    }

    @Test
    void explainReadsTheGlossary() throws Exception {
        assertThat(Heddles.run(folder, "explain", "Lost", "Updates").out()).startsWith("lost update\n\nTwo tasks read");
        assertThat(Heddles.run(folder, "explain").out().lines())
                .contains("model", "task", "job", "carrier", "handoff", "bootstrap interval", "context switch", "RSS");
    }

    @Test
    void versionIsThatOfTheMainCommandEverywhere() throws Exception {
        assertThat(Heddles.run(folder, "compare", "--version").out()).startsWith("heddle ");
    }
}
