package dev.heddle.internal.green;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import dev.heddle.internal.trace.Trace;
import dev.heddle.internal.vthread.VirtualThreads;
import dev.heddle.testing.ChildJvm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The hook into the JDK. */
@SuppressWarnings("serial") // these jobs stay in this JVM
class VirtualThreadsTest extends GreenTest {
    /** Opens a heddle of the model named by the argument, and prints why that does not work. */
    static final class OpensAHeddle {
        public static void main(String[] args) {
            try (Heddle heddle = Heddle.open(Model.valueOf(args[0]))) {
                System.out.println("opened " + heddle);
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GREEN", "FIBER"})
    void withoutTheFlagASentenceNamesIt(Model model) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OpensAHeddle.class.getName(),
                        model.name())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(output)
                .contains("add the JVM flag --add-opens java.base/java.lang=ALL-UNNAMED")
                .contains("\"Add-Opens: java.base/java.lang\"");
    }

    /** The first use of a socket in a JVM is a green thread's. */
    static final class SocketsFirst {
        public static void main(String[] args) throws Exception {
            GreenHeddle heddle = open(1);
            try (heddle;
                    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
                Task<Integer> echo = heddle.start(() -> serveOne(server));
                System.out.println("echo " + heddle.start(() -> call(server)).join() + " " + echo.join());
            }
            eventually("no carrier is left", () -> heddle.stats().osThreads() == 0);
            long switches = heddle.stats().switches();
            try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
                Thread other = Thread.ofVirtual().start(() -> {
                    try {
                        serveOne(server);
                    } catch (IOException e) {
                        System.out.println(e);
                    }
                });
                System.out.println("echo " + call(server));
                other.join();
            }
            System.out.println(
                    "pollers used the closed heddle: " + (heddle.stats().switches() != switches));
        }

        private static int serveOne(ServerSocket server) throws IOException {
            try (Socket socket = server.accept()) {
                int got = socket.getInputStream().read();
                socket.getOutputStream().write(got + 1);
                return got;
            }
        }

        private static int call(ServerSocket server) throws IOException {
            try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
                socket.getOutputStream().write(7);
                return socket.getInputStream().read();
            }
        }
    }

    @Test
    void theJdksPollersDoNotRunOnAHeddle() throws Exception {
        ChildJvm run = ChildJvm.run(SocketsFirst.class);
        assertThat(run.output())
                .contains("echo 8 7")
                .contains("echo 8")
                .contains("pollers used the closed heddle: false");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void aVirtualThreadOfATaskRunsOnTheSameHeddle() throws Exception {
        try (GreenHeddle heddle = open(1)) {
            String carrier = heddle.start(() -> {
                        var seen = new java.util.concurrent.atomic.AtomicReference<String>();
                        Thread.ofVirtual()
                                .start(() ->
                                        seen.set(VirtualThreads.currentCarrier().getName()))
                                .join();
                        return seen.get();
                    })
                    .join();
            assertThat(carrier).startsWith(heddle.name() + "-carrier-");
        }
    }

    private record Event(Trace.Event event, long subject, long detail) {}

    @Test
    void theTraceTellsWhichThreadWentWhere() throws Exception {
        Queue<Event> events = new ConcurrentLinkedQueue<>();
        Map<Long, Integer> mounted = new ConcurrentHashMap<>();
        long id;
        try (GreenHeddle heddle = open(1, USUAL, (event, subject, detail) -> {
            events.add(new Event(event, subject, detail));
            if (event == Trace.Event.MOUNT || event == Trace.Event.UNMOUNT) {
                mounted.merge(subject, event == Trace.Event.MOUNT ? 1 : -1, Integer::sum);
            }
        })) {
            id = heddle.start(() -> {
                        Thread.sleep(1);
                        Heddle.blocking(() -> 1);
                        return Thread.currentThread().threadId();
                    })
                    .join();
        }
        eventually("the last unmount", () -> Set.copyOf(mounted.values()).equals(Set.of(0)));
        // In which order a wake-up and the end of the unmount before it are recorded is chance: the timer may be first.
        List<Trace.Event> own =
                events.stream().filter(e -> e.subject == id).map(Event::event).toList();
        int mounts = Collections.frequency(own, Trace.Event.MOUNT);
        assertThat(own).startsWith(Trace.Event.WAKE, Trace.Event.MOUNT);
        assertThat(mounts).as("at the start and after the sleep").isGreaterThanOrEqualTo(2);
        assertThat(own).filteredOn(Trace.Event.WAKE::equals).hasSize(mounts);
        assertThat(own).filteredOn(Trace.Event.UNMOUNT::equals).hasSize(mounts);
        assertThat(events.stream().map(Event::event)).contains(Trace.Event.HANDOFF, Trace.Event.START, Trace.Event.END);
    }
}
