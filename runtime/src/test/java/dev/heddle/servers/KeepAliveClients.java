package dev.heddle.servers;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.heddle.testing.HeddleTest;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A thousand HTTP/1.1 connections that stay open, and never a second one in the place of any: whoever closes one of them
 * fails the test. The server must answer a request for a path with that path.
 */
final class KeepAliveClients implements AutoCloseable {
    static final int COUNT = 1_000;
    static final int ROUNDS = 4;

    private final List<Socket> sockets = new ArrayList<>();

    KeepAliveClients(int port) throws IOException {
        requireFileDescriptors();
        for (int i = 0; i < COUNT; i++) {
            Socket socket = new Socket();
            sockets.add(socket);
            socket.setSoTimeout((int) HeddleTest.LONG.toMillis());
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
    }

    /** Both ends of each connection are in this JVM. */
    private static void requireFileDescriptors() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os) {
            long free = os.getMaxFileDescriptorCount() - os.getOpenFileDescriptorCount();
            assertThat(free)
                    .as("file descriptors that are left; raise the limit with ulimit -n")
                    .isGreaterThan(3 * COUNT);
        }
    }

    /** In each round every connection has asked before the first answer is read. */
    void askAll() throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < COUNT; i++) {
                String request = "GET " + path(i, round) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
                sockets.get(i).getOutputStream().write(request.getBytes(US_ASCII));
            }
            for (int i = 0; i < COUNT; i++) {
                assertThat(readAnswer(sockets.get(i))).isEqualTo(path(i, round));
            }
        }
    }

    private static String path(int client, int round) {
        return "/client/" + client + "/round/" + round;
    }

    private static String readAnswer(Socket socket) throws IOException {
        InputStream in = new BufferedInputStream(socket.getInputStream()); // reads no further: nothing follows
        assertThat(readLine(in)).isEqualTo("HTTP/1.1 200 OK");
        int length = -1;
        for (String header = readLine(in); !header.isEmpty(); header = readLine(in)) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(
                        lower.substring("content-length:".length()).strip());
            }
        }
        assertThat(length).isPositive();
        return new String(in.readNBytes(length), US_ASCII);
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            assertThat(c).as("the server has closed the connection").isNotNegative();
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
