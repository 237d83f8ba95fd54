package dev.heddle.internal.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Model;
import dev.heddle.instrumented.Hogs;
import dev.heddle.instrumented.Loaders;
import dev.heddle.testing.ChildJvm;
import dev.heddle.testing.HeddleTest;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code -javaagent:heddle.jar=...} as a user gives it. */
class AgentTest extends HeddleTest {
    @TempDir
    static Path folder;

    private static Path jar;
    private static String classPath;

    @BeforeAll
    static void makeJar() throws Exception {
        jar = folder.resolve("heddle.jar");
        classPath = AgentJar.make(jar);
    }

    private static ChildJvm run(Class<?> main, List<String> options, String... arguments) throws Exception {
        List<String> flags = new ArrayList<>();
        options.forEach(option -> flags.add("-javaagent:" + jar + option));
        flags.addAll(List.of("-cp", classPath));
        return ChildJvm.run(flags, main.getName(), arguments);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FIBER") // which has no global lock
    void tasksThatComputeShareTheLock(Model model) throws Exception {
        ChildJvm ended = run(Hogs.class, List.of("=dev.heddle.instrumented.*"), model.name());
        assertThat(ended).isEqualTo(new ChildJvm(0, "shared" + System.lineSeparator()));
    }

    @Test
    void severalFlagsAddUp() throws Exception {
        ChildJvm ended = run(
                Hogs.class,
                List.of("=com.acme.*", "=dev.heddle.instrumented.Hogs", "=com.acme.*"),
                Model.THREAD.name());
        assertThat(ended).isEqualTo(new ChildJvm(0, "shared" + System.lineSeparator()));
    }

    @ParameterizedTest
    @CsvSource({
        "'', '-javaagent:heddle.jar does not say which classes get checkpoints: name them, as in"
                + " -javaagent:heddle.jar=com.acme.*,org.foo.Bar'",
        "=com.acme*, '-javaagent:heddle.jar=...: \"com.acme*\" names neither a class, as org.foo.Bar does, nor a package and"
                + " all below it, as com.acme.* does'",
        "'=java.util.*', '-javaagent:heddle.jar=...: java.util.* is the JDK''s, whose classes get no checkpoints: name"
                + " classes of your program'"
    })
    void anOptionThatNamesNothingIsAnError(String option, String message) throws Exception {
        ChildJvm ended = run(Hogs.class, List.of(option), Model.THREAD.name());
        assertThat(ended).isEqualTo(new ChildJvm(1, message + System.lineSeparator()));
    }

    @Test
    void whatCannotHaveCheckpointsRunsAsItIs() throws Exception {
        ChildJvm ended = run(Loaders.class, List.of("=dev.heddle.instrumented"));
        assertThat(ended.output().lines())
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line)
                                .startsWith("heddle: classes of java.net.URLClassLoader@")
                                .endsWith(
                                        " have no checkpoints, such as dev.heddle.instrumented.Loaders$Second, since they"
                                                + " do not see dev.heddle.Heddle: java.lang.ClassNotFoundException:"
                                                + " dev.heddle.Heddle"),
                        line -> assertThat(line).isEqualTo("11"),
                        line -> assertThat(line)
                                .isEqualTo("heddle: classes of Java 7 and before have no checkpoints, such as"
                                        + " dev.heddle.instrumented.Old"),
                        line -> assertThat(line).isEqualTo("12"));
        assertThat(ended.exitCode()).isZero();
    }

    /** The module that computes does not even know Heddle. */
    @Test
    void modulesHaveThemAsWell() throws Exception {
        compile("math", "module acme.math { exports acme.math; }", "acme/math/Work.java", """
                package acme.math;
                public class Work {
                    static volatile int first, second;
                    public static void one() {
                        for (int i = 1; i <= 5; i++) { first = i; while (second < i) {} }
                    }
                    public static void two() {
                        for (int i = 1; i <= 5; i++) { second = i; while (first < i) {} }
                    }
                }
                """);
        compile("app", "module acme.app { requires dev.heddle; requires acme.math; }", "acme/app/Main.java", """
                package acme.app;
                import acme.math.Work;
                import dev.heddle.*;
                public class Main {
                    public static void main(String[] args) throws Exception {
                        try (Heddle heddle = Heddle.builder(Model.GREEN).globalLock().open()) {
                            heddle.all(java.util.List.of(
                                    () -> { Work.one(); return 1; },
                                    () -> { Work.two(); return 2; }));
                        }
                        System.out.println(Heddle.class.getModule() + " shared");
                    }
                }
                """);
        ChildJvm ended = ChildJvm.run(
                List.of(
                        "-javaagent:" + jar + "=acme",
                        "--add-opens=java.base/java.lang=dev.heddle",
                        "--enable-native-access=dev.heddle",
                        "--module-path=" + String.join(File.pathSeparator, modules())),
                "--module=acme.app/acme.app.Main");
        assertThat(ended).isEqualTo(new ChildJvm(0, "module dev.heddle shared" + System.lineSeparator()));
    }

    private static List<String> modules() {
        return List.of(
                jar.toString(),
                folder.resolve("math").toString(),
                folder.resolve("app").toString());
    }

    private static void compile(String name, String module, String file, String text) throws Exception {
        Path source = folder.resolve("src").resolve(name).resolve(file);
        Files.createDirectories(source.getParent());
        Files.writeString(source, text);
        Path descriptor = Files.writeString(folder.resolve("src").resolve(name).resolve("module-info.java"), module);
        String nullness = Path.of(NullMarked.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                System.err,
                                "-d",
                                folder.resolve(name).toString(),
                                "--module-path",
                                nullness + File.pathSeparator + String.join(File.pathSeparator, modules()),
                                source.toString(),
                                descriptor.toString()))
                .isZero();
    }
}
