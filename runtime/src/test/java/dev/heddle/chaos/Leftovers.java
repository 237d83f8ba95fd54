package dev.heddle.chaos;

import static dev.heddle.testing.HeddleTest.eventually;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What this process has of the system, so that it can be told what is left of something. Linux only tells all of it. */
final class Leftovers {
    private static final long ME = ProcessHandle.current().pid();
    private static final String OWN_FILES = "heddle-" + ME + "-";
    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    private final List<String> before = found();

    /**
     * Waits until nothing is left that was not there when this was made.
     *
     * @param threads how the names of threads begin that count
     */
    void check(String threads) {
        Supplier<List<String>> left = () -> {
            List<String> now = found();
            before.forEach(now::remove);
            Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith(threads))
                    .forEach(thread -> now.add(thread.toString()));
            return now;
        };
        try {
            eventually("nothing is left", () -> {
                boolean nothing = left.get().isEmpty();
                if (!nothing) {
                    System.gc(); // pipes are unmapped when nobody has them any more
                }
                return nothing;
            });
        } catch (AssertionError e) {
            throw new AssertionError("there is left: " + left.get(), e);
        }
    }

    /** Deletes what the JVMs of workers that crashed have to say of it, which is to stay if it was no test. */
    static void deleteCrashReports() {
        for (Path report : files(TEMPORARY, "heddle_hs_err_pid").toList()) {
            try {
                String text = Files.readString(report, StandardCharsets.ISO_8859_1);
                if (text.contains(" /proc/" + ME + "/fd/") || text.contains("/" + OWN_FILES)) {
                    Files.delete(report);
                }
            } catch (NoSuchFileException e) {
                // it was another's
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static List<String> found() {
        List<String> all = ProcessHandle.current()
                .descendants()
                .map(process ->
                        "process " + process.pid() + " " + process.info().commandLine())
                .collect(Collectors.toCollection(ArrayList::new));
        all.addAll(descriptors());
        all.addAll(mappings());
        for (Path folder : List.of(Path.of("/dev/shm"), TEMPORARY)) {
            all.addAll(files(folder, OWN_FILES).map(Path::toString).toList());
        }
        return all;
    }

    /** All but the jars of the class path and the like, which are opened when they are needed. */
    private static List<String> descriptors() {
        return files(Path.of("/proc/self/fd"), "")
                .map(Leftovers::target)
                .filter(target -> !target.isEmpty() && !target.matches("/(?!dev/shm/|memfd:).*(?<!\\(deleted\\))"))
                .map(target -> "descriptor " + target.replaceAll("\\[\\d+]", ""))
                .toList();
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return ""; // it was closed meanwhile
        }
    }

    private static List<String> mappings() {
        Path maps = Path.of("/proc/self/maps");
        try (Stream<String> lines = Files.exists(maps) ? Files.lines(maps) : Stream.empty()) {
            return lines.filter(line -> line.contains("heddle"))
                    .filter(line -> line.contains("memfd:") || line.contains("/" + OWN_FILES))
                    .map(line -> "mapping " + line)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> files(Path folder, String prefix) {
        try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix)).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
