package dev.heddle.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Starts the launcher script as a child process in a checkout of its own, where all is made up: the home folder, the JDKs, the
 * PATH, the jar. A made-up {@code java} prints where it lives and how it was called; a made-up {@code mvn} builds the jar.
 */
class LauncherTest {
    private static final List<String> TOOLS =
            List.of("dirname", "find", "head", "ln", "mktemp", "readlink", "rm", "sleep", "touch");

    private final Map<Process, Path> outputs = new HashMap<>();

    @TempDir
    Path temp;

    private Path checkout;
    private Path home;
    private Path jvms;
    private Path bin;
    private Path jar;

    @BeforeEach
    void setUp() throws IOException {
        temp = temp.toRealPath();
        checkout = Files.createDirectories(temp.resolve("checkout"));
        home = Files.createDirectories(temp.resolve("home"));
        jvms = Files.createDirectories(temp.resolve("jvm"));
        bin = Files.createDirectories(temp.resolve("bin"));
        jar = checkout.resolve("lab/target/heddle-lab.jar");

        Files.copy(Path.of("..", "heddle").toRealPath(), checkout.resolve("heddle"));
        assertThat(checkout.resolve("heddle").toFile().setExecutable(true)).isTrue();
        for (String source :
                List.of("pom.xml", "runtime/pom.xml", "runtime/src/main/A", "lab/pom.xml", "lab/src/main/B")) {
            write(checkout.resolve(source), "");
        }
        write(jar, "");
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));
        for (String tool : TOOLS) {
            script(bin.resolve(tool), "exec '" + find(tool) + "' \"$@\"");
        }
    }

    @AfterEach
    void leaveNoProcess() {
        for (Process process : outputs.keySet()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @Test
    void withoutAnyJdkItSaysWhatToInstall() throws Exception {
        jdk(jvms.resolve("jdk-17"), "17.0.15");
        jdk(jvms.resolve("jdk-8"), "1.8.0_402");

        Outcome outcome = heddle(Map.of());

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .hasLineCount(1)
                .startsWith("heddle: needs a JDK 25 or newer")
                .contains("temurin-25-jdk", "sdk install java 25-tem", "JAVA_HOME")
                .endsWith(".\n");
    }

    @Test
    void aJavaWithoutCompilerIsNoJdk() throws Exception {
        Path jre = jdk(jvms.resolve("jre-25"), "25.0.3");
        Files.delete(jre.resolve("bin/javac"));

        assertThat(heddle(Map.of()).code()).isEqualTo(2);
    }

    @Test
    void javaHomeWinsOverAnOlderJavaOnThePath() throws Exception {
        Path old = jdk(temp.resolve("jdk-17"), "17.0.15");
        Files.createSymbolicLink(bin.resolve("java"), old.resolve("bin/java"));
        Path jdk = jdk(temp.resolve("my jdk"), "25.0.3");

        Outcome outcome = heddle(Map.of("JAVA_HOME", jdk.toString()), "compare", "two words", "");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        assertThat(outcome.home()).isEqualTo(jdk.toString());
        assertThat(outcome.args())
                .containsSubsequence("--add-opens", "java.base/java.lang=ALL-UNNAMED")
                .contains("--enable-native-access=ALL-UNNAMED")
                .containsSubsequence("-cp", jar + ":" + checkout.resolve("lab/target/lib") + "/*")
                .endsWith("dev.heddle.lab.Main", "compare", "two words", "");
    }

    @Test
    void anOlderJavaHomeIsPassedOver() throws Exception {
        Path old = jdk(temp.resolve("jdk-17"), "17.0.15");
        Path jdk = jdk(jvms.resolve("jdk-26"), "26-ea");

        assertThat(heddle(Map.of("JAVA_HOME", old.toString())).home()).isEqualTo(jdk.toString());
    }

    @Test
    void javaOnThePathIsFollowedToItsHome() throws Exception {
        Path jdk = jdk(temp.resolve("opt/jdk-25"), "25");
        Files.createSymbolicLink(bin.resolve("java"), jdk.resolve("bin/java"));
        jdk(jvms.resolve("jdk-27"), "27");

        assertThat(heddle(Map.of()).home()).isEqualTo(jdk.toString());
    }

    @Test
    void sdkmanFolderIsSearched() throws Exception {
        Path sdkman = home.resolve(".sdkman/candidates/java");
        jdk(sdkman.resolve("17.0.15-tem"), "17.0.15");
        Path jdk = jdk(sdkman.resolve("25.0.3-tem"), "25.0.3");

        assertThat(heddle(Map.of()).home()).isEqualTo(jdk.toString());
    }

    @Test
    void moreFlagsReachTheJvm() throws Exception {
        jdk(jvms.resolve("jdk-25"), "25.0.3");

        Outcome outcome = heddle(Map.of("HEDDLE_JAVA_OPTS", "-Xmx3g -Xlog:gc"));

        assertThat(outcome.args()).containsSubsequence("-Xmx3g", "-Xlog:gc", "dev.heddle.lab.Main");
    }

    @Test
    void throughASymbolicLinkItKeepsTheWorkingFolder() throws Exception {
        jdk(jvms.resolve("jdk-25"), "25.0.3");
        Path links = Files.createDirectories(temp.resolve("links"));
        Files.createSymbolicLink(links.resolve("near"), Path.of("../checkout/heddle"));
        Files.createSymbolicLink(links.resolve("far"), links.resolve("near"));

        Outcome outcome = run(home, Map.of(), links.resolve("far").toString());

        assertThat(outcome.folder()).isEqualTo(home.toString());
        assertThat(outcome.args()).contains(jar + ":" + checkout.resolve("lab/target/lib") + "/*");
    }

    @Test
    void withoutMavenItSaysWhatToInstall() throws Exception {
        jdk(jvms.resolve("jdk-25"), "25.0.3");
        Files.delete(jar);

        Outcome outcome = heddle(Map.of());

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err())
                .hasLineCount(1)
                .startsWith("heddle: needs Maven")
                .contains("install")
                .endsWith(".\n");
    }

    @Test
    void aNewerSourceIsBuiltOnce() throws Exception {
        Path jdk = jdk(jvms.resolve("jdk-25"), "25.0.3");
        maven("echo \"maven ran in $JAVA_HOME\"", "echo built >>'" + jar + "'");
        touch(jar, 60);
        touch(checkout.resolve("runtime/src/main/A"), 120);

        Outcome first = heddle(Map.of(), "--version");
        touch(checkout.resolve("runtime/src/main/A"), -60);
        Outcome second = heddle(Map.of(), "--version");

        assertThat(first.code()).isZero();
        assertThat(first.err()).startsWith("heddle: building").hasLineCount(1);
        assertThat(first.home()).isEqualTo(jdk.toString());
        assertThat(second.err()).isEmpty();
        assertThat(jar).hasContent("built\n");
        assertThat(checkout.resolve(".heddle.lock")).doesNotExist();
    }

    @Test
    void aRemovedSourceIsNoticed() throws Exception {
        jdk(jvms.resolve("jdk-25"), "25.0.3");
        maven("echo built >>'" + jar + "'");
        touch(jar, -1);
        for (Path path : List.of(checkout, checkout.resolve("runtime"), checkout.resolve("lab"))) {
            ageAll(path);
        }
        assertThat(heddle(Map.of()).err()).isEmpty();

        Files.delete(checkout.resolve("lab/src/main/B"));

        assertThat(heddle(Map.of()).err()).startsWith("heddle: building");
    }

    @Test
    void aFailingBuildShowsWhatMavenSaid() throws Exception {
        jdk(jvms.resolve("jdk-25"), "25.0.3");
        maven("echo 'A.java:[1,2] something is wrong'", "exit 1");
        Files.delete(jar);

        Outcome outcome = heddle(Map.of());

        assertThat(outcome.code()).isEqualTo(3);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("A.java:[1,2] something is wrong", "heddle: the build failed");
        assertThat(checkout.resolve(".heddle.lock")).doesNotExist();
    }

    @Test
    void startsAtTheSameTimeBuildOnce() throws Exception {
        jdk(jvms.resolve("jdk-25"), "25.0.3");
        Path gate = temp.resolve("gate");
        maven("until [ -e '" + gate + "' ]; do sleep 0.05; done", "echo built >>'" + jar + "'");
        Files.delete(jar);

        List<Process> starts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            starts.add(start(checkout, Map.of(), checkout.resolve("heddle").toString()));
        }
        while (waitingAtTheLock(starts) < 2) { // both of the others have to stand there before the build may end
            Thread.sleep(10);
        }
        Files.createFile(gate);

        for (Process start : starts) {
            assertThat(start.waitFor()).isZero();
        }
        assertThat(jar).hasContent("built\n");
    }

    @Test
    void theLockOfADeadProcessIsTakenOver() throws Exception {
        jdk(jvms.resolve("jdk-25"), "25.0.3");
        maven("echo built >>'" + jar + "'");
        Files.delete(jar);
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Files.createSymbolicLink(checkout.resolve(".heddle.lock"), Path.of(String.valueOf(dead.pid())));

        assertThat(heddle(Map.of()).code()).isZero();
        assertThat(jar).hasContent("built\n");
    }

    @Test
    void testRunsMavenVerifyWithTheArgumentsPassedOn() throws Exception {
        Path jdk = jdk(jvms.resolve("jdk-25"), "25.0.3");
        maven("echo \"home=$JAVA_HOME\"", "for arg; do echo \"arg=$arg\"; done", "exit 7");

        Outcome outcome = heddle(Map.of(), "test", "-Dtest=A B");

        assertThat(outcome.code()).isEqualTo(7);
        assertThat(outcome.home()).isEqualTo(jdk.toString());
        assertThat(outcome.args())
                .containsExactly("-B", "-f", checkout.resolve("pom.xml").toString(), "verify", "-Dtest=A B");
    }

    /** What a child process said and how it ended. */
    private record Outcome(int code, String out, String err) {
        String home() {
            return valueOf("home=");
        }

        String folder() {
            return valueOf("folder=");
        }

        List<String> args() {
            return out.lines()
                    .filter(line -> line.startsWith("arg="))
                    .map(line -> line.substring("arg=".length()))
                    .toList();
        }

        private String valueOf(String key) {
            return out.lines()
                    .filter(line -> line.startsWith(key))
                    .map(line -> line.substring(key.length()))
                    .findFirst()
                    .orElse("no " + key + " in: " + out + err);
        }
    }

    private Outcome heddle(Map<String, String> env, String... args) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(checkout.resolve("heddle").toString()));
        command.addAll(List.of(args));
        return run(checkout, env, command.toArray(String[]::new));
    }

    private Outcome run(Path folder, Map<String, String> env, String... command) throws Exception {
        Process process = start(folder, env, command);
        int code = process.waitFor();
        return new Outcome(code, Files.readString(stdoutOf(process)), Files.readString(stderrOf(process)));
    }

    private Process start(Path folder, Map<String, String> env, String... command) throws IOException {
        Path output = Files.createTempDirectory(temp, "output");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(output.resolve("out").toFile())
                .redirectError(output.resolve("err").toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of("HOME", home.toString(), "PATH", bin.toString(), "HEDDLE_JVM_DIR", jvms.toString()));
        builder.environment().putAll(env);
        Process process = builder.start();
        outputs.put(process, output);
        return process;
    }

    private int waitingAtTheLock(List<Process> starts) throws IOException {
        int waiting = 0;
        for (Process start : starts) {
            if (Files.readString(stderrOf(start)).contains("waiting for the build")) {
                waiting++;
            }
        }
        return waiting;
    }

    private Path stdoutOf(Process process) {
        return outputs.get(process).resolve("out");
    }

    private Path stderrOf(Process process) {
        return outputs.get(process).resolve("err");
    }

    private static Path jdk(Path home, String version) throws IOException {
        write(home.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(
                home.resolve("bin/java"),
                "echo \"home=${0%/bin/java}\"",
                "echo \"folder=$(pwd)\"",
                "for arg; do echo \"arg=$arg\"; done");
        script(home.resolve("bin/javac"), "exit 1");
        return home;
    }

    private void maven(String... lines) throws IOException {
        script(bin.resolve("mvn"), lines);
    }

    private static void script(Path path, String... lines) throws IOException {
        write(path, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        assertThat(path.toFile().setExecutable(true)).isTrue();
    }

    private static void write(Path path, String text) throws IOException {
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private static void touch(Path path, int secondsFromNow) throws IOException {
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().plusSeconds(secondsFromNow)));
    }

    private static void ageAll(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (Path path :
                    paths.filter(path -> !path.toString().contains("target")).toList()) {
                touch(path, -60);
            }
        }
    }

    private static Path find(String tool) {
        for (String folder : System.getenv("PATH").split(":")) {
            Path path = Path.of(folder, tool);
            if (Files.isExecutable(path)) {
                return path;
            }
        }
        throw new AssertionError("no " + tool + " on the PATH");
    }
}
