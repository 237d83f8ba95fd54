package dev.heddle.lab.workload;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import dev.heddle.lab.WrongResultException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadGeneratorTest {
    /** Serves one client, and spoils one byte of what it echoes, or hangs up. */
    private static long spoil(Channel<Integer> ports, boolean hangUp) throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ports.send(listening.getLocalPort());
            try (Socket client = listening.accept()) {
                byte[] message = client.getInputStream().readNBytes(Protocol.ECHO_BYTES);
                message[5]++;
                if (!hangUp) {
                    client.getOutputStream().write(message);
                    client.getInputStream().read();
                }
            }
        }
        return 0;
    }

    private static void load(boolean hangUp) throws Exception {
        try (Heddle h = Heddle.open(Model.THREAD)) {
            Channel<Integer> ports = h.channel(1);
            LoadGenerator load = LoadGenerator.start(Protocol.ECHO, ports, 1, 3);
            List<Task<Long>> tasks = List.of(h.start(() -> spoil(ports, hangUp)));
            try {
                Tasks.joinAll(tasks);
            } finally {
                ports.close();
            }
            load.awaitLatencies();
        }
    }

    @Test
    void aByteThatComesBackWrongIsNoticed() {
        assertThatThrownBy(() -> load(false))
                .isInstanceOf(WrongResultException.class)
                .hasMessageContaining("byte 5 of the answer to client 0 in round trip 0");
    }

    @Test
    void aServerThatHangsUpIsNoticed() {
        assertThatThrownBy(() -> load(true)).hasMessageMatching("(?s).*(hung up|reset).*");
    }
}
