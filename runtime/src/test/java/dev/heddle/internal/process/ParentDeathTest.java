package dev.heddle.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.testing.HeddleTest;
import dev.heddle.testing.Processes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No worker outlives its parent by more than 2 seconds, whatever its task does, and no file stays. */
@SuppressWarnings("serial") // a job here may name what only this package sees
class ParentDeathTest extends HeddleTest {
    /** Opens a heddle that it never closes, with tasks that never end, one of which has a heddle of its own. */
    static final class Parent {
        public static void main(String[] args) throws Exception {
            Heddle heddle = Heddle.builder(Model.PROCESS).processors(3).open();
            Channel<Long> pids = heddle.channel(0);
            Channel<String> never = heddle.channel(0);
            heddle.start(() -> {
                pids.send(Processes.PID.call());
                while (true) {
                    Thread.onSpinWait();
                }
            });
            heddle.start(() -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    while (true) {
                        Thread.onSpinWait();
                    }
                }));
                pids.send(Processes.PID.call());
                never.receive();
            });
            heddle.start(() -> {
                Heddle inner = Heddle.builder(Model.PROCESS).processors(1).open();
                pids.send(inner.start(Processes.PID).join());
                pids.send(Processes.PID.call());
                try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                    server.accept(); // nobody connects
                }
            });
            for (int i = 0; i < 4; i++) {
                System.out.println(pids.receive());
            }
            System.in.read();
            if (args[0].equals("exit")) {
                System.exit(0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kill -9", "exit", "return"})
    void workersEndWithTheirParent(String how) throws Exception {
        List<Long> pids = new ArrayList<>();
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        how)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = parent.inputReader()) {
            for (int i = 0; i < 4; i++) {
                pids.add(Long.parseLong(out.readLine()));
            }
            assertThat(pids).allMatch(Processes::isAlive);
            endIt(parent, how);
            assertThat(parent.waitFor(LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
            long end = System.nanoTime();
            eventually("no worker is left", () -> pids.stream().noneMatch(Processes::isAlive));
            assertThat(System.nanoTime() - end).isLessThan(TimeUnit.SECONDS.toNanos(2));
            eventually(
                    "no shared memory file is left",
                    () -> Processes.sharedMemoryFiles(parent.pid()).isEmpty());
        } finally {
            parent.destroyForcibly();
        }
    }

    private static void endIt(Process parent, String how) throws IOException {
        if (how.equals("kill -9")) {
            parent.toHandle().destroyForcibly();
        } else {
            try (OutputStream in = parent.getOutputStream()) {
                in.write('\n');
            }
        }
    }
}
