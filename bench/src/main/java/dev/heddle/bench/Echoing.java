package dev.heddle.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;

/** Tasks that wait for sockets. */
final class Echoing {
    private static final int BYTES = 64;

    private Echoing() {}

    /** {@return the time of a round trip} So many clients of an echo server, each a task, as is each of the server's ends. */
    static double echo(Tasks tasks, int clients, int roundTrips) throws Exception {
        try (ServerSocket server = new ServerSocket(0, clients, InetAddress.getLoopbackAddress())) {
            List<Future<Integer>> all = new ArrayList<>();
            long start = System.nanoTime();
            for (int client = 0; client < clients; client++) {
                all.add(tasks.start(() -> serve(server)));
                all.add(tasks.start(() -> ask(server, roundTrips)));
            }
            Switching.joinAll(all);
            return (System.nanoTime() - start) / ((double) clients * roundTrips);
        }
    }

    private static int serve(ServerSocket server) throws IOException {
        try (Socket socket = server.accept()) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            byte[] message = new byte[BYTES];
            int count = 0;
            for (int read = in.read(message); read > 0; read = in.read(message)) {
                out.write(message, 0, read);
                count++;
            }
            return count;
        }
    }

    private static int ask(ServerSocket server, int roundTrips) throws IOException {
        try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            byte[] message = new byte[BYTES];
            for (int i = 0; i < roundTrips; i++) {
                out.write(message);
                if (in.readNBytes(message, 0, BYTES) < BYTES) {
                    throw new IOException("the server has closed the connection");
                }
            }
            return roundTrips;
        }
    }
}
