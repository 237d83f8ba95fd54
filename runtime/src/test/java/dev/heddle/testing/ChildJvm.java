package dev.heddle.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a main class of the tests in a JVM of its own, with the same class path and the flags that Heddle needs: for
 * what would take the tests' own JVM down.
 *
 * @param exitCode its exit code
 * @param output what it wrote to standard output and standard error, together
 */
public record ChildJvm(int exitCode, String output) {
    /**
     * Runs a program to its end.
     *
     * @param main has a main method
     * @param arguments for it
     * @return how it ended
     * @throws IOException if it cannot be started
     * @throws InterruptedException if interrupted; the program is killed then
     */
    public static ChildJvm run(Class<?> main, String... arguments) throws IOException, InterruptedException {
        return run(List.of("-cp", System.getProperty("java.class.path")), main.getName(), arguments);
    }

    /**
     * Runs a program to its end.
     *
     * @param flags more flags, among them where its classes are
     * @param main the class with the main method, as a flag has it
     * @param arguments for it
     * @return how it ended
     * @throws IOException if it cannot be started
     * @throws InterruptedException if interrupted; the program is killed then
     */
    public static ChildJvm run(List<String> flags, String main, String... arguments)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("heddle-child", ".txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens",
                "java.base/java.lang=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(flags);
        command.add(main);
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            long limit = 3 * HeddleTest.LONG.toMillis();
            if (!process.waitFor(limit, TimeUnit.MILLISECONDS)) {
                throw new AssertionError(main + " still runs after " + limit + " ms; its output:"
                        + System.lineSeparator() + Files.readString(output));
            }
            return new ChildJvm(process.exitValue(), Files.readString(output));
        } finally {
            process.destroyForcibly().waitFor();
            Files.delete(output);
        }
    }
}
