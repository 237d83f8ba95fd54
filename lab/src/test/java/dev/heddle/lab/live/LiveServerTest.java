package dev.heddle.lab.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in, who is refused, and when it counts as abandoned. */
@Timeout(60)
class LiveServerTest {
    private static final String TOKEN = "the-token";

    private final BlockingQueue<String> controls = new LinkedBlockingQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private LiveServer server;
    private int port;

    @BeforeEach
    void open() throws IOException {
        Map<String, Asset> assets = Map.of(
                "", new Asset("text/html", "the page".getBytes(UTF_8)),
                "live.js", new Asset("text/javascript", "the script".getBytes(UTF_8)));
        server = LiveServer.open(0, TOKEN, assets, this::control, Duration.ofMillis(1));
        port = server.address().getPort();
    }

    @AfterEach
    void close() {
        server.close();
        client.shutdownNow();
    }

    private void control(String control) {
        if (control.equals("nonsense")) {
            throw new IllegalArgumentException("nonsense is no control");
        }
        controls.add(control);
    }

    private HttpResponse<String> ask(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private HttpRequest.Builder post(String body) {
        return to("/the-token/control")
                .header("Origin", "http://127.0.0.1:" + port)
                .POST(BodyPublishers.ofString(body));
    }

    /** {@return all that comes back for a request as it stands} */
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(server.address().getHost(), port)) {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(30));
            socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(UTF_8));
            socket.shutdownOutput(); // else the server waits for the rest of a body that is too long
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    @Test
    void withTheTokenThereIsThePage() throws Exception {
        HttpResponse<String> page =
                client.send(HttpRequest.newBuilder(server.address()).build(), BodyHandlers.ofString());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).isEqualTo("the page");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'");
        assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
        assertThat(ask(to("/the-token/live.js")).body()).isEqualTo("the script");
        assertThat(raw("GET /the-token/live.js HTTP/1.1\nHost: localhost:" + port + "\nConnection: close\n\n"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(ask(to("/the-token/other.js")).statusCode()).isEqualTo(404);
        assertThat(ask(to("/the-token/../live.js")).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/live.js",
                "/events",
                "/control",
                "/the-toke/",
                "/the-token-/",
                "/the-tokem/live.js",
                "//the-token/",
                "/x?the-token",
                "/%74he-token/",
                "/THE-TOKEN/"
            })
    void withoutTheTokenThereIsNothing(String path) throws Exception {
        HttpResponse<String> answer = ask(to(path));
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("lacks the token").doesNotContain(TOKEN);
        assertThat(raw("POST " + path + " HTTP/1.1\nHost: 127.0.0.1:" + port + "\nOrigin: http://127.0.0.1:" + port
                        + "\nContent-Length: 3\n\nhog"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(controls).isEmpty();
    }

    @Test
    void twoServersHaveDifferentTokens() throws Exception {
        try (LiveServer one = LiveServer.open(0, Map.of(), control -> {});
                LiveServer two = LiveServer.open(0, Map.of(), control -> {})) {
            assertThat(one.address().getPath())
                    .hasSize(34)
                    .isNotEqualTo(two.address().getPath());
            assertThat(one.address().getHost()).isEqualTo("127.0.0.1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Host: evil.example\n",
                "Host: evil.example:PORT\n",
                "Host: 127.0.0.1\n",
                "Host: 127.0.0.1:1\n",
                "Host: 127.0.0.1:PORT\nHost: evil.example\n",
                "Host: 127.0.0.1:PORT.evil.example\n"
            })
    void aForeignHostIsRefused(String host) throws Exception {
        String answer = raw("GET /the-token/ HTTP/1.1\n" + host.replace("PORT", String.valueOf(port)) + "\n");
        assertThat(answer).matches("(?s)HTTP/1.1 40[03] .*").doesNotContain("the page");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://evil.example",
                "null",
                "https://127.0.0.1:PORT",
                "http://localhost:PORT",
                "http://127.0.0.1:1"
            })
    void aForeignOriginIsRefused(String origin) throws Exception {
        String header = "Origin: " + origin.replace("PORT", String.valueOf(port)) + "\n";
        String host = "Host: 127.0.0.1:" + port + "\n";
        assertThat(raw("GET /the-token/ HTTP/1.1\n" + host + header + "\n")).startsWith("HTTP/1.1 403 ");
        assertThat(raw("GET /the-token/events HTTP/1.1\n" + host + header + "\n"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(raw("POST /the-token/control HTTP/1.1\n" + host + header + "Content-Length: 3\n\nhog"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(controls).isEmpty();
    }

    @Test
    void aPostSaysWhereItComesFrom() throws Exception {
        assertThat(ask(to("/the-token/control").POST(BodyPublishers.ofString("hog")))
                        .statusCode())
                .isEqualTo(403);
        assertThat(controls).isEmpty();
        assertThat(ask(post("hog")).statusCode()).isEqualTo(204);
        assertThat(controls.take()).isEqualTo("hog");
    }

    @Test
    void whatIsNoControlIsAnsweredWithASentence() throws Exception {
        HttpResponse<String> answer = ask(post("nonsense"));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("nonsense is no control\n");
    }

    @Test
    void anOversizedBodyIsRefused() throws Exception {
        assertThat(ask(post("x".repeat(LiveServer.LONGEST_BODY))).statusCode()).isEqualTo(204);
        assertThat(ask(post("x".repeat(LiveServer.LONGEST_BODY + 1))).statusCode())
                .isEqualTo(413);
        assertThat(ask(to("/the-token/").method("GET", BodyPublishers.ofString("x".repeat(10_000))))
                        .statusCode())
                .isEqualTo(413);
        controls.clear();
        String start = "POST /the-token/control HTTP/1.1\nHost: 127.0.0.1:" + port + "\nOrigin: http://127.0.0.1:"
                + port + "\n";
        assertThat(raw(start + "Content-Length: 4000000000\n\n")).startsWith("HTTP/1.1 413 ");
        assertThat(raw(start + "Transfer-Encoding: chunked\n\n1000\n" + "x".repeat(0x1000) + "\n0\n\n"))
                .startsWith("HTTP/1.1 413 ");
        assertThat(controls).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PUT,control,POST", "DELETE,live.js,GET", "POST,live.js,GET", "POST,events,GET", "OPTIONS,control,POST"
    })
    void otherMethodsAreRefused(String method, String name, String allowed) throws Exception {
        HttpResponse<String> answer = ask(to("/the-token/" + name)
                .header("Origin", "http://127.0.0.1:" + port)
                .method(method, BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue(allowed);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void everyPageGetsTheLatestAtOnceAndThenWhatComes() throws Exception {
        server.publish("1");
        try (Page first = new Page();
                Page second = new Page()) {
            assertThat(first.next()).isEqualTo("1");
            assertThat(second.next()).isEqualTo("1");
            server.publish("2");
            assertThat(first.next()).isEqualTo("2");
            assertThat(second.next()).isEqualTo("2");
        }
    }

    @Test
    void aPageThatDoesNotReadKeepsNobodyWaiting() throws Exception {
        try (Page slow = new Page();
                Page quick = new Page()) {
            server.publish("begin");
            assertThat(slow.next()).isEqualTo("begin");
            String large = "x".repeat(100_000);
            for (int i = 0; i < 1_000; i++) { // far more than sockets hold
                server.publish(large);
            }
            server.publish("end");
            String event;
            do {
                event = quick.next();
            } while (!event.equals("end"));
        }
    }

    @Test
    void whenTheLastPageClosesItIsAbandoned() throws Exception {
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                server.awaitAbandoned();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.publish("1");
        try (Page one = new Page()) {
            assertThat(one.next()).isEqualTo("1");
            try (Page two = new Page()) {
                assertThat(two.next()).isEqualTo("1");
            }
            assertThat(waiting.join(Duration.ofSeconds(1))).isFalse();
        }
        waiting.join();
    }

    @Test
    void aPageThatComesBackIsNoEnd() throws Exception {
        server.close();
        server = LiveServer.open(0, TOKEN, Map.of(), this::control, Duration.ofSeconds(2));
        port = server.address().getPort();
        server.publish("1");
        try (Page one = new Page()) {
            one.next();
        }
        try (Page again = new Page()) {
            again.next();
            Thread waiting = Thread.ofVirtual().start(() -> {
                try {
                    server.awaitAbandoned();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            assertThat(waiting.join(Duration.ofSeconds(4))).isFalse();
            waiting.interrupt();
        }
    }

    @Test
    void aClosedServerEndsItsPages() throws Exception {
        server.publish("1");
        try (Page page = new Page()) {
            assertThat(page.next()).isEqualTo("1");
            server.close();
            assertThat(page.next()).isEqualTo("");
        }
    }

    @Test
    void manyPagesAreTooMany() throws Exception {
        server.publish("1");
        List<Page> pages = new ArrayList<>();
        try {
            for (int i = 0; i < 16; i++) {
                Page page = new Page();
                pages.add(page);
                assertThat(page.next()).isEqualTo("1");
            }
            assertThat(raw("GET /the-token/events HTTP/1.1\nHost: 127.0.0.1:" + port + "\nConnection: close\n\n"))
                    .startsWith("HTTP/1.1 503 ");
        } finally {
            for (Page page : pages) {
                page.close();
            }
        }
    }

    /** A page's stream of events. */
    private final class Page implements AutoCloseable {
        private final Socket socket = new Socket(server.address().getHost(), port);
        private final BufferedReader in;

        Page() throws IOException {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(30));
            socket.getOutputStream()
                    .write(("GET /the-token/events HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n").getBytes(UTF_8));
            InputStream stream = socket.getInputStream();
            in = new BufferedReader(new InputStreamReader(stream, UTF_8));
            assertThat(in.readLine()).startsWith("HTTP/1.1 200 ");
        }

        /** {@return the next event, or nothing if there are no more} */
        String next() throws IOException {
            String line;
            while ((line = in.readLine()) != null) {
                if (line.startsWith("data: ")) {
                    return line.substring("data: ".length());
                }
            }
            return "";
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
