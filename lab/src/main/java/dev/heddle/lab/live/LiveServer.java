package dev.heddle.lab.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Serves the live page on loopback: its files, a stream of events with what runs, and a place to which controls are posted.
 *
 * <p><b>Problem.</b> Whoever can reach the port could look on and move controls: other users of the machine, and every web page
 * that the same browser shows, since it may send requests to loopback.
 *
 * <p><b>Rejected.</b> A token that is exchanged for a cookie: cookies know no ports, so the browser would send it to every other
 * server on this machine's loopback as well. A token in the query or a header: the page's own files and an
 * {@code EventSource} would have to be given it one by one.
 *
 * <p><b>Approach.</b> A random token, made anew for each run, is the first part of every path, so the page's relative addresses carry
 * it of themselves. It is sent nowhere else ({@code Referrer-Policy}), and is worth nothing after the run. The {@code Host} must
 * be this server's, which ends attempts to rebind a name to loopback; an {@code Origin} must be this server's, and a POST must have
 * one. Bodies are bounded; a control is a short line, never code.
 *
 * <p>A page is a queue of few events and the thread that writes them. Who publishes never waits: a page that is slow misses the
 * oldest. When the last page has closed and none comes back, see {@link #awaitAbandoned}.
 *
 * <p>All methods may be called from any thread.
 */
final class LiveServer implements AutoCloseable {
    /** More than any control needs. */
    static final int LONGEST_BODY = 256;

    /** How long a page may take to come back, as it does when it is loaded again. */
    static final Duration GRACE = Duration.ofSeconds(3);

    private static final int TOKEN_BYTES = 24;
    private static final int MOST_PAGES = 16;
    private static final int QUEUE = 4;

    /** How often something is sent if nothing is published, since only a failed write tells that a page has gone. */
    private static final long SIGN_OF_LIFE_MILLIS = 250;

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            Asset.OWN,
            "Referrer-Policy",
            "no-referrer",
            "X-Content-Type-Options",
            "nosniff",
            "Cache-Control",
            "no-store");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Asset> assets;
    private final Consumer<String> controls;
    private final Duration grace;
    private final byte[] token;
    private final Set<String> hosts;

    private final Set<BlockingQueue<String>> pages = ConcurrentHashMap.newKeySet();
    private final AtomicLong arrivals = new AtomicLong();
    private final CountDownLatch abandoned = new CountDownLatch(1);
    private volatile @Nullable String last;

    private LiveServer(
            HttpServer server, String token, Map<String, Asset> assets, Consumer<String> controls, Duration grace) {
        this.server = server;
        this.token = token.getBytes(UTF_8);
        this.assets = Map.copyOf(assets);
        this.controls = controls;
        this.grace = grace;
        int port = server.getAddress().getPort();
        this.hosts = Set.of("127.0.0.1:" + port, "localhost:" + port);
    }

    /**
     * Starts a server.
     *
     * @param port to listen on, or 0 for one that is free
     * @param assets the files of the page by name; {@code ""} is the page
     * @param controls gets each control that is posted; what an {@link IllegalArgumentException} of it says is the answer
     * @return the server, which listens
     * @throws IOException if the port cannot be had
     */
    static LiveServer open(int port, Map<String, Asset> assets, Consumer<String> controls) throws IOException {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        return open(port, token, assets, controls, GRACE);
    }

    static LiveServer open(int port, String token, Map<String, Asset> assets, Consumer<String> controls, Duration grace)
            throws IOException {
        // Not getLoopbackAddress(), which may be ::1; the printed address says 127.0.0.1.
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        HttpServer server = HttpServer.create(new InetSocketAddress(loopback, port), 0);
        LiveServer live = new LiveServer(server, token, assets, controls, grace);
        server.setExecutor(live.threads);
        server.createContext("/", live::handle);
        server.start();
        return live;
    }

    /** {@return the address of the page, with the token} */
    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + new String(token, UTF_8) + "/");
    }

    /**
     * Sends an event to every page, and to those that come before the next one.
     *
     * @param event one line
     */
    void publish(String event) {
        last = event;
        for (BlockingQueue<String> page : pages) {
            while (!page.offer(event)) {
                page.poll();
            }
        }
    }

    /** Waits until there has been a page, and there is none any more, also after a while in which it could have come back. */
    void awaitAbandoned() throws InterruptedException {
        abandoned.await();
    }

    /** {@return whether {@link #awaitAbandoned} would not wait} */
    boolean isAbandoned() {
        return abandoned.getCount() == 0;
    }

    /** Ends every page's stream and stops to listen. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    // ---- requests

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            HEADERS.forEach(exchange.getResponseHeaders()::set);
            serve(exchange);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        String refusal = refusal(exchange.getRequestHeaders(), exchange.getRequestMethod());
        if (refusal != null) {
            answer(exchange, 403, refusal);
            return;
        }
        String path = exchange.getRequestURI().getRawPath();
        int slash = path.indexOf('/', 1);
        String given = slash < 0 ? path.substring(Math.min(1, path.length())) : path.substring(1, slash);
        if (!MessageDigest.isEqual(given.getBytes(UTF_8), token)) {
            answer(
                    exchange,
                    403,
                    "this address lacks the token of this run: take the address that ./heddle live prints");
            return;
        }
        String body = body(exchange);
        if (body == null) {
            answer(exchange, 413, "a body has at most " + LONGEST_BODY + " bytes");
            return;
        }
        String name = slash < 0 ? "" : path.substring(slash + 1);
        Asset asset = slash < 0 ? null : assets.get(name);
        boolean isControl = name.equals("control");
        if (!exchange.getRequestMethod().equals(isControl ? "POST" : "GET")) {
            exchange.getResponseHeaders().set("Allow", isControl ? "POST" : "GET");
            answer(exchange, 405, "here only " + (isControl ? "POST" : "GET") + " does something");
        } else if (isControl) {
            control(exchange, body);
        } else if (name.equals("events")) {
            stream(exchange);
        } else if (asset != null) {
            exchange.getResponseHeaders().set("Content-Security-Policy", asset.policy());
            send(exchange, 200, asset.type(), asset.bytes());
        } else {
            answer(exchange, 404, "there is no such file");
        }
    }

    private @Nullable String refusal(Headers headers, String method) {
        List<String> host = headers.getOrDefault("Host", List.of());
        if (host.size() != 1 || !hosts.contains(host.getFirst())) {
            return "this server is only for requests to itself by the name 127.0.0.1 or localhost";
        }
        List<String> origin = headers.getOrDefault("Origin", List.of());
        boolean own = origin.equals(List.of("http://" + host.getFirst()));
        return own || (origin.isEmpty() && method.equals("GET"))
                ? null
                : "only this server's own page may ask for this";
    }

    /** {@return the body, or null if it is too long} Of one that says so itself, nothing is read. */
    private static @Nullable String body(HttpExchange exchange) throws IOException {
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        if (length != null && (length.length() > 9 || Integer.parseInt(length) > LONGEST_BODY)) {
            return null;
        }
        byte[] bytes = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
        return bytes.length > LONGEST_BODY ? null : new String(bytes, UTF_8);
    }

    private void control(HttpExchange exchange, String body) throws IOException {
        try {
            controls.accept(body);
        } catch (IllegalArgumentException e) {
            answer(exchange, 400, String.valueOf(e.getMessage()));
            return;
        }
        exchange.sendResponseHeaders(204, -1);
    }

    private static void answer(HttpExchange exchange, int code, String sentence) throws IOException {
        if (code == 403 || code == 413) {
            exchange.getResponseHeaders().set("Connection", "close"); // no more from this one
        }
        send(exchange, code, "text/plain; charset=utf-8", (sentence + "\n").getBytes(UTF_8));
    }

    private static void send(HttpExchange exchange, int code, String type, byte[] bytes) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.getResponseBody()
                .flush(); // what closes then may first wait for the rest of a request that was refused
    }

    // ---- the stream of events

    private void stream(HttpExchange exchange) throws IOException {
        BlockingQueue<String> page = new ArrayBlockingQueue<>(QUEUE);
        arrivals.incrementAndGet();
        pages.add(page);
        try {
            if (pages.size() > MOST_PAGES) {
                answer(exchange, 503, "there are " + MOST_PAGES + " pages already: close one");
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            write(exchange.getResponseBody(), page);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the server closes
        } finally {
            pages.remove(page);
            if (pages.isEmpty()) {
                long then = arrivals.get();
                CompletableFuture.delayedExecutor(grace.toMillis(), TimeUnit.MILLISECONDS)
                        .execute(() -> {
                            if (arrivals.get() == then) {
                                abandoned.countDown();
                            }
                        });
            }
        }
    }

    /** Returns by an exception: of the write, once the page has gone, or of the wait, when the server closes. */
    private void write(OutputStream out, BlockingQueue<String> page) throws IOException, InterruptedException {
        String event = last;
        while (true) {
            out.write((event == null ? ":\n\n" : "data: " + event + "\n\n").getBytes(UTF_8));
            out.flush();
            event = page.poll(SIGN_OF_LIFE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
