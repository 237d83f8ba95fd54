package dev.heddle.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.internal.process.start.WorkerCache;
import dev.heddle.testing.HeddleTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many caches are kept, and which. */
class WorkerCacheMakerTest extends HeddleTest {
    @TempDir
    Path folder;

    @Test
    void thoseThatWereNotUsedForLongMakeRoomAndOthersDoNot() throws Exception {
        long now = System.currentTimeMillis();
        long day = WorkerCache.RETRY_MILLIS;
        for (int i = 0; i < 9; i++) {
            file("worker-" + i + ".aot", now - (i - 4) * day);
        }
        file("worker-x.aot.tmp.config", now);
        file("worker-old.aot.failed", now - 2 * day);
        file("worker-new.aot.failed", now);
        assertThat(WorkerCacheMaker.tidy(folder.resolve("worker-next.0.aot"))).isTrue();
        assertThat(files(".aot"))
                .containsExactlyInAnyOrder(Stream.of(0, 1, 2, 3, 4, 5, 6)
                        .map(i -> "worker-" + i + ".aot")
                        .toArray(String[]::new));
        assertThat(files("")).contains("worker-new.aot.failed").hasSize(8);
        for (int i = 0; i < 8; i++) {
            file("worker-" + i + ".aot", now);
        }
        assertThat(WorkerCacheMaker.tidy(folder.resolve("worker-next.0.aot"))).isFalse();
        assertThat(files(".aot")).hasSize(8);
    }

    @Test
    void thatOfAJarThatWasWrittenAnewMakesRoom() throws Exception {
        Path jar = Files.writeString(folder.resolve("heddle.jar"), "one");
        Path other = Files.writeString(folder.resolve("other.jar"), "one");
        Path cache = Files.createDirectory(folder.resolve("caches"));
        Path stale = Files.writeString(cache.resolve(nameOf(jar)), "");
        List<Path> kept = List.of(
                Files.writeString(cache.resolve(nameOf(jar, "-Xint")), ""),
                Files.writeString(cache.resolve(nameOf(other)), ""));
        Files.writeString(jar, "another");
        Path next = cache.resolve(nameOf(jar));
        assertThat(WorkerCacheMaker.tidy(next)).isTrue();
        assertThat(stale).doesNotExist();
        assertThat(kept).allSatisfy(file -> assertThat(file).exists());
    }

    private static String nameOf(Path jar, String... flags) throws IOException {
        return "worker-" + WorkerCache.key(List.of(jar), List.of(flags)) + ".aot";
    }

    private void file(String name, long modified) throws IOException {
        Files.setLastModifiedTime(Files.writeString(folder.resolve(name), ""), FileTime.fromMillis(modified));
    }

    private List<String> files(String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ending))
                    .toList();
        }
    }
}
