package dev.heddle.lab.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Outcome.Fact;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the real {@code find}, {@code sort} and {@code sha256sum}. */
class DigestTest {
    @TempDir
    Path folder;

    static String bySha256sum(Path folder) throws IOException, InterruptedException {
        return bySha256sum(folder.toString(), folder);
    }

    private static String bySha256sum(String written, Path workingFolder) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                "sh", "-c", "find \"$1\" -type f -exec sha256sum {} + | LC_ALL=C sort | sha256sum", "sh", written);
        Process process = builder.directory(workingFolder.toFile()).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(process.waitFor()).isZero();
        return output.split(" ")[0];
    }

    private static Map<String, Object> run(String written) throws Exception {
        try (Heddle h = Heddle.builder(Model.THREAD).processors(2).open()) {
            Outcome outcome = new Digest().run(h, new Args(List.of(written)));
            return outcome.facts().stream().collect(Collectors.toMap(Fact::name, Fact::value));
        }
    }

    @Test
    void namesThatNeedEscaping() throws Exception {
        for (String name : List.of("a b", "back\\slash", "new\nline", "carriage\rreturn", "\u00e4\u6f22", "-", "%41")) {
            Files.writeString(folder.resolve(name), name);
        }
        Map<String, Object> facts = run(folder.toString());
        assertThat(facts).containsEntry("digest", bySha256sum(folder)).containsEntry("files", 7L);
    }

    @Test
    void aNameThatIsNoUtf8() throws Exception {
        Process process = new ProcessBuilder(
                        "sh", "-c", "printf x >\"$1/$(printf 'caf\\351')\"", "sh", folder.toString())
                .start();
        assertThat(process.waitFor()).isZero();
        assertThat(run(folder.toString()))
                .containsEntry("digest", bySha256sum(folder))
                .containsEntry("files", 1L);
    }

    @Test
    void aSlashAtTheEndOfTheFolder() throws Exception {
        Files.writeString(folder.resolve("a"), "x");
        assertThat(run(folder + "/")).containsEntry("digest", bySha256sum(folder + "/", folder));
    }

    @Test
    void linksAreNotFollowed() throws Exception {
        Files.writeString(folder.resolve("a"), "x");
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("a"));
        Files.createSymbolicLink(folder.resolve("loop"), folder);
        assertThat(run(folder.toString()))
                .containsEntry("digest", bySha256sum(folder))
                .containsEntry("files", 1L);
    }

    @Test
    void anEmptyFolder() throws Exception {
        assertThat(run(folder.toString()))
                .containsEntry("digest", bySha256sum(folder))
                .containsEntry("files", 0L);
    }

    @Test
    void anEmptyFile() throws Exception {
        Files.createFile(folder.resolve("empty"));
        assertThat(run(folder.toString())).containsEntry("digest", bySha256sum(folder));
    }

    @Test
    void whatCannotBeReadIsCounted() throws Exception {
        Files.writeString(folder.resolve("a"), "x");
        FileTree tree = FileTree.below(folder.toString());
        Files.delete(folder.resolve("a")); // root may read everything, so the file goes
        Function<FileTree, byte[]> line =
                t -> new Sha256Sum(folder.toString(), t.root()).line(t.files().getFirst());
        assertThat(line.apply(tree)).isEmpty();
    }

    @Test
    void batchesKeepAllFilesAndTheirOrder() throws Exception {
        for (int i = 0; i < 30; i++) {
            Files.write(folder.resolve("f" + i), new byte[i * 100]);
        }
        FileTree tree = FileTree.below(folder.toString());
        assertThat(tree.batches(1_000).stream().flatMap(List::stream)).containsExactlyElementsOf(tree.files());
        assertThat(tree.batches(1_000)).hasSizeGreaterThan(10);
    }
}
