package dev.heddle.servers;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.heddle.Task;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The JDK's HTTP server and its HTTP client. */
class JdkServerTest extends ServersTest {
    private static final int REQUESTS = 500;

    /** Read once, when the server's class is initialised; beyond 200 it would close connections that are idle. */
    @BeforeAll
    static void allowIdleConnections() {
        System.setProperty("sun.net.httpserver.maxIdleConnections", String.valueOf(2 * KeepAliveClients.COUNT));
    }

    /** Answers in the calling thread. */
    @FunctionalInterface
    private interface Answer {
        void to(HttpExchange exchange) throws Exception;
    }

    private HttpServer serve(Answer answer) throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpServer server = HttpServer.create(any, KeepAliveClients.COUNT);
        server.setExecutor(heddle);
        server.createContext("/", exchange -> {
            try (exchange) {
                answer.to(exchange);
                byte[] body = exchange.getRequestURI().getPath().getBytes(US_ASCII);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            } catch (Throwable t) { // the server would swallow it
                fails(t);
            }
        });
        server.start();
        return server;
    }

    @Test
    void aThousandConnectionsStayOpen() throws Exception {
        Requests requests = new Requests();
        HttpServer server =
                serve(exchange -> requests.arrived(exchange.getRemoteAddress().getPort(), onHeddle()));
        try (KeepAliveClients clients = new KeepAliveClients(server.getAddress().getPort())) {
            clients.askAll();
            requests.assertAllCameOverTheSameConnections();
        } finally {
            server.stop(0);
        }
    }

    @Test
    void theClientsTasksRunThere() throws Exception {
        AtomicInteger served = new AtomicInteger();
        AtomicInteger continued = new AtomicInteger();
        HttpServer server = serve(exchange -> served.incrementAndGet());
        URI address = URI.create("http://localhost:" + server.getAddress().getPort());
        try (HttpClient client = HttpClient.newBuilder().executor(heddle).build()) {
            List<CompletableFuture<String>> answers = new ArrayList<>();
            List<Task<String>> tasks = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                HttpRequest asked =
                        HttpRequest.newBuilder(address.resolve("/async/" + i)).build();
                answers.add(client.sendAsync(asked, BodyHandlers.ofString())
                        .thenApplyAsync(HttpResponse::body, heddle)
                        .whenComplete((body, failure) -> continued.incrementAndGet()));
                HttpRequest waited =
                        HttpRequest.newBuilder(address.resolve("/waits/" + i)).build();
                tasks.add(heddle.start(
                        () -> client.send(waited, BodyHandlers.ofString()).body()));
            }
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(answers.get(i).get()).isEqualTo("/async/" + i);
                assertThat(tasks.get(i).join()).isEqualTo("/waits/" + i);
            }
        } finally {
            server.stop(0);
        }
        assertThat(served.get()).isEqualTo(2 * REQUESTS);
        assertThat(continued.get()).isEqualTo(REQUESTS);
    }
}
