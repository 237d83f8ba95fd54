package dev.heddle.lab.workload;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** What clients and their server say to each other; each answer follows from its request, so that it can be verified. */
enum Protocol {
    /** The server sends back what it gets. */
    ECHO {
        @Override
        byte[] request(int client, int trip) {
            byte[] message = new byte[ECHO_BYTES];
            for (int place = 0; place < ECHO_BYTES; place++) {
                // Differs between clients, round trips and places, so that no mix-up goes unnoticed.
                message[place] = (byte) (client * 31 + trip * 7 + place);
            }
            return message;
        }

        @Override
        byte[] answer(int client, int trip) {
            return request(client, trip);
        }

        @Override
        long serve(SocketChannel client) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
            long echoed = 0;
            while (client.read(buffer) >= 0) {
                buffer.flip();
                echoed += buffer.remaining();
                write(client, buffer);
                buffer.clear();
            }
            return echoed;
        }
    },
    /** HTTP/1.1 with connections that stay: the server adds two numbers that stand in the address asked for. */
    HTTP {
        @Override
        byte[] request(int client, int trip) {
            return ("GET /sum/" + client + "/" + trip + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        byte[] answer(int client, int trip) {
            return page("200 OK", String.valueOf((long) client + trip));
        }

        @Override
        long serve(SocketChannel client) throws IOException {
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(Channels.newInputStream(client), StandardCharsets.US_ASCII), 512);
            long sent = 0;
            for (String request = in.readLine(); request != null; request = in.readLine()) {
                String header = in.readLine();
                while (header != null && !header.isEmpty()) {
                    header = in.readLine();
                }
                byte[] page = respond(request);
                write(client, ByteBuffer.wrap(page));
                sent += page.length;
            }
            return sent;
        }
    };

    static final int ECHO_BYTES = 64;

    /** {@return what this client sends in this round trip} */
    abstract byte[] request(int client, int trip);

    /** {@return what it must get back, to the byte} */
    abstract byte[] answer(int client, int trip);

    /**
     * Serves one client until it hangs up, in straight-line blocking code.
     *
     * @return how many bytes were sent
     */
    abstract long serve(SocketChannel client) throws IOException;

    private static byte[] respond(String request) {
        String[] words = request.split(" ");
        String[] path = words.length == 3 ? words[1].split("/") : new String[0];
        if (path.length != 4 || !path[1].equals("sum")) {
            return page("404 Not Found", "ask for /sum/A/B, with two numbers");
        }
        try {
            return page("200 OK", String.valueOf(Long.parseLong(path[2]) + Long.parseLong(path[3])));
        } catch (NumberFormatException e) {
            return page("400 Bad Request", "A and B must be numbers: " + e.getMessage());
        }
    }

    private static byte[] page(String status, String text) {
        return ("HTTP/1.1 " + status + "\r\nContent-Type: text/plain\r\nContent-Length: " + text.length() + "\r\n\r\n"
                        + text)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static void write(SocketChannel client, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
    }
}
