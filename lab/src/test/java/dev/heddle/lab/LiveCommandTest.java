package dev.heddle.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Starts the command as users do, moves a control, and stops it as they do. */
@Timeout(120)
class LiveCommandTest {
    @Test
    void aControlOnStandardInputHasItsEffectAndCtrlCEndsEveryProcess() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens",
                        "java.base/java.lang=ALL-UNNAMED",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "live",
                        "--text")
                .redirectError(Redirect.INHERIT)
                .start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
                Writer in = process.outputWriter(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).startsWith("GREEN  processors ").contains("/s  p50 ", "CPUs busy [");
            in.write("model PROCESS\n");
            in.flush();
            await(out, "PROCESS  processors ");
            List<ProcessHandle> descendants = process.descendants().toList();
            assertThat(descendants).hasSizeGreaterThanOrEqualTo(2); // the workload, and a worker of it

            new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            assertThat(process.waitFor()).isEqualTo(130);
            for (ProcessHandle descendant : descendants) {
                descendant.onExit().join();
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static void await(BufferedReader out, String start) throws IOException {
        String line;
        do {
            line = out.readLine();
            assertThat(line).as("a line that begins with " + start).isNotNull();
        } while (!line.startsWith(start));
    }
}
