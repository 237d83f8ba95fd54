package dev.heddle.internal.process.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Heddle;
import dev.heddle.testing.HeddleTest;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program of named modules has workers of the same modules. */
class ModulePathTest extends HeddleTest {
    @TempDir
    Path folder;

    private static Path locationOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    @Test
    void workersResolveTheModulesOfTheProgram() throws Exception {
        Path sources = Files.createDirectories(folder.resolve("src/acme"));
        Files.writeString(folder.resolve("src/module-info.java"), "module acme.app { requires dev.heddle; }");
        Files.writeString(sources.resolve("Main.java"), """
                package acme;
                import dev.heddle.*;
                public class Main {
                    record Where(String module, boolean opened, long pid) implements java.io.Serializable {}
                    static Where here() {
                        return new Where(
                            Main.class.getModule().getName(),
                            Object.class.getModule().isOpen("java.lang", Heddle.class.getModule()),
                            ProcessHandle.current().pid());
                    }
                    public static void main(String[] args) throws Exception {
                        try (Heddle heddle = Heddle.builder(Model.PROCESS).processors(1).open()) {
                            Where there = heddle.start(() -> here()).join();
                            System.out.print(there.module() + " " + there.opened() + " "
                                    + (there.pid() != ProcessHandle.current().pid()));
                            Object conn = new Object();
                            try {
                                heddle.start(() -> conn.hashCode());
                            } catch (NotTransferableException e) {
                                System.out.print(" " + e.getMessage());
                            }
                        }
                    }
                }
                """);
        Path heddle = locationOf(Heddle.class);
        Path classes = folder.resolve("classes");
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        System.err,
                        System.err,
                        "-d",
                        classes.toString(),
                        "-g",
                        "--module-path",
                        heddle + File.pathSeparator + locationOf(NullMarked.class),
                        folder.resolve("src/module-info.java").toString(),
                        sources.resolve("Main.java").toString());
        assertThat(result).isZero();

        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--add-opens=java.base/java.lang=dev.heddle");
        command.add("--enable-native-access=dev.heddle");
        command.add("--module-path=" + heddle + File.pathSeparator + classes);
        command.add("--module=acme.app/acme.Main");
        Path output = folder.resolve("output.txt");
        Process program = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(program.waitFor(LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        } finally {
            program.destroyForcibly();
        }
        assertThat(output)
                .hasContent("acme.app true true job captures java.lang.Object conn, which is not"
                        + " Serializable: open it inside the job, or use Model.THREAD");
    }
}
