package dev.heddle.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts the command line as users do, in a JVM of its own. */
final class Heddles {
    private static final long TIMEOUT_SECONDS = 100;

    private Heddles() {}

    /** What a run printed, and how it ended. */
    record Ended(int code, String out, String err) {}

    /** A run that has begun. */
    record Running(Process process, Path out, Path err) {
        private String printed() throws IOException {
            return Files.isRegularFile(out) ? Files.readString(out) : ""; // not from a device
        }

        Ended await() throws IOException, InterruptedException {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
                throw new AssertionError("still running after " + TIMEOUT_SECONDS + " s; it printed " + printed()
                        + Files.readString(err));
            }
            return new Ended(process.exitValue(), printed(), Files.readString(err));
        }
    }

    static Running start(Path folder, String... args) throws IOException {
        return startInto(Files.createTempFile(folder, "out", ".txt"), folder, args);
    }

    static Running startInto(Path out, Path folder, String... args) throws IOException {
        return startInto(out, folder, command(args));
    }

    /** The same where a process may have so many files open. */
    static Ended runWithFiles(int most, Path folder, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n " + most + "; exec \"$@\"", "sh"));
        command.addAll(command(args));
        return startInto(Files.createTempFile(folder, "out", ".txt"), folder, command)
                .await();
    }

    private static List<String> command(String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens",
                "java.base/java.lang=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(args));
        return command;
    }

    private static Running startInto(Path out, Path folder, List<String> command) throws IOException {
        Path err = Files.createTempFile(folder, "err", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(Map.of("LC_ALL", "C.UTF-8"));
        return new Running(builder.start(), out, err);
    }

    static Ended run(Path folder, String... args) throws IOException, InterruptedException {
        return start(folder, args).await();
    }
}
