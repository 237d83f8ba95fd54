package dev.heddle.internal.process.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.testing.HeddleTest;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers start by a cache if there is one that fits, and without it if there is none. */
class WorkerCacheTest extends HeddleTest {
    /** Heddle is a jar, behind a folder, as in a program that is being developed. */
    private static Path jar;

    /** A folder with a cache. */
    private static Path made;

    @TempDir
    Path folder;

    /** Has a worker tell how it was started. The arguments are flags for it. */
    static final class Program {
        public static void main(String[] flags) throws Exception {
            try (Heddle heddle = Heddle.builder(Model.PROCESS)
                    .processors(1)
                    .workerJvmFlags(flags)
                    .workerOutput((worker, line) -> System.out.println("worker: " + line))
                    .open()) {
                System.out.println(heddle.start(() -> (isCached() ? "cached" : "not cached")
                                + ", class path begins with "
                                + Path.of(System.getProperty("java.class.path").split(File.pathSeparator)[0])
                                        .getFileName())
                        .join());
                while (Thread.getAllStackTraces().keySet().stream()
                        .anyMatch(thread -> thread.getName().endsWith("-cache"))) {
                    LockSupport.parkNanos(1_000_000); // until what is to be done has been done
                }
            }
        }

        private static boolean isCached() throws IOException {
            try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
                return maps.anyMatch(line -> line.endsWith(".aot"));
            }
        }
    }

    private static final String CACHED = "cached, class path begins with heddle.jar\n";
    private static final String NOT_CACHED = "not cached, class path begins with heddle.jar\n";

    private static Path locationOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static Process start(Path temporary, String cache, String... flags) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-D" + WorkerCache.PROPERTY + "=" + cache);
        command.add("-Djava.io.tmpdir=" + temporary);
        command.add("-Duser.home=" + temporary);
        command.add("-cp");
        command.add(locationOf(WorkerCacheTest.class) + File.pathSeparator + jar);
        command.add(Program.class.getName());
        command.addAll(List.of(flags));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("XDG_CACHE_HOME");
        return builder.start();
    }

    private static String outputOf(Process program) throws Exception {
        try {
            String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(program.waitFor(LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
            assertThat(program.exitValue()).as(output).isZero();
            return output;
        } finally {
            program.destroyForcibly();
        }
    }

    private String run(Path cache, String... flags) throws Exception {
        return outputOf(start(folder, cache.toString(), flags));
    }

    private static List<String> files(Path folder, String ending) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ending))
                    .toList();
        } catch (IOException e) {
            return List.of(); // it is not there
        }
    }

    /** {@return a copy of the folder with the cache} */
    private Path copyOfMade() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("copy"));
        Files.copy(cacheIn(made), copy.resolve(cacheIn(made).getFileName()));
        return copy;
    }

    private static Path cacheIn(Path folder) {
        return folder.resolve(files(folder, ".aot").getFirst());
    }

    /** Two programs at once, which end long before the cache is made. */
    @BeforeAll
    static void make(@TempDir Path shared) throws Exception {
        jar = shared.resolve("heddle.jar");
        made = shared.resolve("cache");
        Path classes = locationOf(Heddle.class);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(
                        new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, out);
            }
        }
        Process first = start(shared, made.toString());
        Process second = start(shared, made.toString());
        assertThat(outputOf(first)).isEqualTo(NOT_CACHED);
        assertThat(outputOf(second)).isEqualTo(NOT_CACHED);
        long start = System.nanoTime();
        while (files(made, ".aot").isEmpty()) {
            assertThat(files(made, ".failed")).isEmpty();
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.MINUTES.toNanos(5));
            Thread.sleep(20);
        }
    }

    @Test
    void theNextProgramUsesIt() throws Exception {
        assertThat(run(made)).isEqualTo(CACHED);
        assertThat(files(made, ""))
                .as("nothing else is left")
                .containsExactlyInAnyOrder("lock", files(made, ".aot").getFirst());
        assertThat(Files.getPosixFilePermissions(made)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void whatDoesNotMatterForItMayDiffer() throws Exception {
        assertThat(run(made, "-Dsome=thing", "-Xlog:gc:file=" + folder.resolve("gc.log")))
                .isEqualTo(CACHED);
    }

    @Test
    void flagsThatDoNotGoWithItGoWithoutIt() throws Exception {
        assertThat(run(made, "-Xshare:off")).startsWith("not cached");
    }

    @Test
    void itStaysIfWorkersCannotStartForAnotherReason() throws Exception {
        Path cache = copyOfMade();
        Process program = start(folder, cache.toString(), "-Xlog:nonsense");
        try {
            String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(output).contains("can start no workers", "nonsense");
        } finally {
            program.destroyForcibly();
        }
        assertThat(run(cache)).isEqualTo(CACHED);
    }

    @Test
    void oneThatTheJvmRefusesIsDeletedAndNobodyIsTold() throws Exception {
        Path cache = copyOfMade();
        byte[] bytes = Files.readAllBytes(cacheIn(cache));
        damage(cacheIn(cache), Arrays.copyOf(bytes, bytes.length / 2));
        assertThat(run(cache)).isEqualTo(NOT_CACHED);
        assertThat(files(cache, ".aot")).isEmpty();
        assertThat(files(cache, ".failed")).hasSize(1);
        assertThat(run(cache)).isEqualTo(NOT_CACHED);
        assertThat(files(cache, "lock")).as("nobody has tried to make another").isEmpty();
    }

    @Test
    void oneThatCrashesTheJvmIsDeletedAndTheWorkerStartsWithoutIt() throws Exception {
        Path cache = copyOfMade();
        byte[] bytes = Files.readAllBytes(cacheIn(cache));
        for (int i = 8192; i < bytes.length; i += 64) {
            bytes[i] ^= 0x55;
        }
        damage(cacheIn(cache), bytes);
        assertThat(run(cache)).endsWith(NOT_CACHED);
        assertThat(files(cache, ".aot")).isEmpty();
        assertThat(files(cache, ".failed")).hasSize(1);
    }

    private static void damage(Path file, byte[] bytes) throws IOException {
        Files.delete(file); // it is read-only
        Files.write(file, bytes);
    }

    @Test
    void nothingIsMadeIfItIsOff() throws Exception {
        assertThat(outputOf(start(folder, WorkerCache.OFF))).startsWith("not cached");
        assertThat(folder.resolve(".cache")).doesNotExist();
        assertThat(Path.of(WorkerCache.OFF)).doesNotExist();
    }

    @Test
    void aFolderThatOthersMayWriteToIsNotTrusted() throws Exception {
        Path cache = copyOfMade();
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(run(cache)).isEqualTo(NOT_CACHED);
        assertThat(files(cache, "lock")).isEmpty();
    }

    @Test
    void whereThereCanBeNoFolderWorkersStartWithout() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThat(run(file.resolve("cache"))).isEqualTo(NOT_CACHED);
    }

    @Test
    void aJarIsReadOnceInAJvm() throws Exception {
        Path mine = jarOf("mine.jar", "dev/", "dev/heddle/", "dev/heddle/Heddle.class", "META-INF/MANIFEST.MF");
        Path mixed = jarOf("mixed.jar", "dev/heddle/Heddle.class", "com/acme/Main.class");
        assertThat(WorkerCache.isAllHeddles(mine)).isTrue();
        assertThat(WorkerCache.isAllHeddles(mixed)).isFalse();
        Files.delete(mine);
        Files.delete(mixed);
        assertThat(WorkerCache.isAllHeddles(mine)).isTrue();
        assertThat(WorkerCache.isAllHeddles(mixed)).isFalse();
    }

    private Path jarOf(String name, String... entries) throws IOException {
        Path file = folder.resolve(name);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file))) {
            for (String entry : entries) {
                out.putNextEntry(new JarEntry(entry));
            }
        }
        return file;
    }

    @Test
    void itsNameChangesWithWhatItDependsOn() throws Exception {
        Path code = Files.writeString(folder.resolve("a.jar"), "one");
        Path other = Files.writeString(folder.resolve("b.jar"), "one");
        String key = WorkerCache.key(List.of(code), List.of("-Xint"));
        assertThat(WorkerCache.key(List.of(code), List.of("-Xint"))).isEqualTo(key);
        assertThat(WorkerCache.key(List.of(code), List.of())).isNotEqualTo(key);
        assertThat(WorkerCache.key(List.of(other), List.of("-Xint"))).isNotEqualTo(key);
        FileTime time = Files.getLastModifiedTime(code);
        Files.writeString(code, "longer");
        Files.setLastModifiedTime(code, time);
        assertThat(WorkerCache.key(List.of(code), List.of("-Xint"))).isNotEqualTo(key);
        Files.writeString(code, "two");
        Files.setLastModifiedTime(code, FileTime.fromMillis(time.toMillis() + 1));
        assertThat(WorkerCache.key(List.of(code), List.of("-Xint"))).isNotEqualTo(key);
    }
}
