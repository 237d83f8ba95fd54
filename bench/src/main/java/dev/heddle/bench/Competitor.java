package dev.heddle.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Who is measured, each time in a fresh process. */
enum Competitor {
    /** Heddle's GREEN model, and its channels; of processes its PROCESS model. */
    HEDDLE("heddle"),
    /** The JDK's virtual threads on their default scheduler, and its queues. */
    JDK("jdk"),
    /** Goroutines, and their channels. */
    GO("go"),
    /** Jox's channels between virtual threads of the JDK's default scheduler. */
    JOX("jox"),
    /** Kotlin's coroutines on their default dispatcher, and their channels. */
    KOTLIN("kotlin"),
    /** The JDK's queues between GREEN tasks. */
    JDK_ON_GREEN("jdk on GREEN"),
    /** Jox's channels between GREEN tasks. */
    JOX_ON_GREEN("jox on GREEN"),
    /** Heddle's FIBER model, and its generators. */
    FIBER("fiber"),
    /** The same with fibers that are OS threads. */
    FIBER_ON_OS_THREADS("fiber on OS threads"),
    /** Heddle's GREEN model, where another is measured. */
    GREEN_TASKS("green"),
    /** The JDK's continuation, bare. */
    CONTINUATION("continuation"),
    /** CPython's processes, by its concurrent.futures and multiprocessing. */
    PYTHON("python");

    private static final long LIMIT_SECONDS = 300;

    private final String text;

    Competitor(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }

    /** {@return whether it is a program of another language, which bench/run has told of if that is installed} */
    boolean isProgram() {
        return this == GO || this == PYTHON;
    }

    /** {@return the path of the program; empty if its language is not installed} */
    String program() {
        return System.getProperty("heddle.bench." + this, "");
    }

    /** {@return what the program's language says of itself} */
    String version() {
        return System.getProperty("heddle.bench." + this + ".version", "not installed");
    }

    /**
     * Runs a shape once.
     *
     * @return the number of each row
     * @throws IOException if the process did not end well
     */
    Map<String, Double> measure(Shape shape, boolean smoke) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command(shape, smoke)).redirectError(Redirect.INHERIT);
        if (this == GO && shape.processors() != 0) {
            builder.environment().put("GOMAXPROCS", String.valueOf(shape.processors()));
        }
        Process process = builder.start();
        Thread killer = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(killer); // an interrupted run leaves no hogs behind
        CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> read(process));
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (!ended) { // else to destroy it would close its output, of which the last may not have been read
            process.destroyForcibly().waitFor();
        }
        Runtime.getRuntime().removeShutdownHook(killer);
        if (!ended) {
            throw new IOException("it did not end within " + LIMIT_SECONDS + " s");
        }
        if (process.exitValue() != 0) {
            throw new IOException("its process ended with " + process.exitValue());
        }
        Map<String, Double> values = new LinkedHashMap<>();
        output.join().lines().map(line -> line.split(" ", 2)).forEach(l -> values.put(l[0], Double.valueOf(l[1])));
        for (Row row : shape.rows()) {
            if (!values.containsKey(row.name())) {
                throw new IOException("it printed no number for " + row.name());
            }
        }
        return values;
    }

    private List<String> command(Shape shape, boolean smoke) {
        List<String> command = new ArrayList<>();
        if (isProgram()) {
            command.add(program());
        } else {
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(
                    List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED"));
            command.addAll(List.of("--add-exports", "java.base/jdk.internal.vm=ALL-UNNAMED")); // for RawContinuation
            command.addAll(shape.jvmFlags());
            if ((this == JDK || this == JOX) && shape.processors() != 0) {
                command.add("-Djdk.virtualThreadScheduler.parallelism=" + shape.processors());
            }
            String main = this == KOTLIN ? "dev.heddle.bench.CoroutinesKt" : Child.class.getName();
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), main, toString()));
        }
        command.addAll(List.of(shape.name(), smoke ? "smoke" : "full"));
        return command;
    }

    private static String read(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return ""; // its numbers are missing then, which is reported
        }
    }
}
