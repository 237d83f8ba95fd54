package dev.heddle.lab;

import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import tools.jackson.jr.ob.JSON;

/**
 * A headless Chromium with one page, driven over the protocol of its developer tools. Keys and the mouse arrive as if from a user.
 * For one thread.
 */
public final class Browser implements AutoCloseable {
    private static final int TIMEOUT_SECONDS = 60;
    private static final String LISTENING = "DevTools listening on ";
    private static final Map<String, Integer> KEY_CODES = Map.ofEntries(
            Map.entry("Enter", 13),
            Map.entry("Escape", 27),
            Map.entry("Tab", 9),
            Map.entry("ArrowLeft", 37),
            Map.entry("ArrowUp", 38),
            Map.entry("ArrowRight", 39),
            Map.entry("ArrowDown", 40),
            Map.entry("Home", 36),
            Map.entry("End", 35));

    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<Map<String, Object>>> asked = new ConcurrentHashMap<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private @Nullable String session;

    private Browser(Process process, URI address) {
        this.process = process;
        this.socket = client.newWebSocketBuilder()
                .buildAsync(address, new Answers())
                .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /**
     * {@return a browser with an empty page}
     *
     * @param folder for what it keeps while it runs
     */
    public static Browser open(Path folder) throws IOException {
        Process process;
        Path log = folder.resolve("chromium.txt");
        try {
            process = new ProcessBuilder(
                            "chromium",
                            "--headless",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--hide-scrollbars",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync",
                            "--remote-debugging-port=0",
                            "--user-data-dir=" + folder.resolve("profile"),
                            "about:blank")
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new AssertionError(
                    "this test needs the command chromium: install the distribution's package chromium"
                            + " (apt-get install chromium)",
                    e);
        }
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(LISTENING)) {
                // It must not block on a pipe that is full.
                Thread.ofVirtual().start(() -> out.lines().forEach(rest -> {}));
                Browser browser = new Browser(process, URI.create(line.substring(LISTENING.length())));
                browser.openPage();
                return browser;
            }
            said.append(line).append('\n');
        }
        Files.writeString(log, said);
        throw new AssertionError("chromium ended before it listened: " + said);
    }

    private void openPage() {
        Object target = ask("Target.createTarget", Map.of("url", "about:blank")).get("targetId");
        session = (String) ask("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("sessionId");
        ask("Page.enable", Map.of());
        ask("Runtime.enable", Map.of());
        ask("Log.enable", Map.of());
        size(1200, 800);
    }

    /** Goes to a page, and waits until its scripts were read. */
    public void go(URI address) {
        evaluate("window.left = true"); // which the next page is not, even if it has the same address
        ask("Page.navigate", Map.of("url", address.toString()));
        await("!window.left && document.readyState === 'complete'");
    }

    /** The size of the page in CSS pixels, each of one pixel of a screenshot. */
    public void size(int width, int height) {
        ask(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** Whether there is no network. */
    public void offline(boolean offline) {
        ask(
                "Network.emulateNetworkConditions",
                Map.of("offline", offline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
    }

    /** Whether the user prefers dark pages. */
    public void dark(boolean dark) {
        ask(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** Prints the page, to nowhere. {@return what the expression, of a string, was when the page was ready for paper} */
    public String print(String expression) {
        evaluate("window.onbeforeprint = () => { window.onPaper = String(" + expression + "); }");
        ask("Page.printToPDF", Map.of());
        return String.valueOf(evaluate("window.onPaper"));
    }

    /** {@return the value of a JavaScript expression, which may be a promise} */
    public @Nullable Object evaluate(String expression) {
        Map<String, Object> answer = ask(
                "Runtime.evaluate",
                Map.of("expression", expression, "returnByValue", true, "awaitPromise", true, "userGesture", true));
        if (answer.get("exceptionDetails") != null) {
            throw new AssertionError(expression + " failed: " + answer.get("exceptionDetails"));
        }
        return member(answer, "result").get("value");
    }

    /** {@return the number that a JavaScript expression yields} */
    public double number(String expression) {
        Object value = evaluate(expression);
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw new AssertionError(expression + " is no number but " + value);
    }

    /** Waits until a JavaScript expression is true. */
    public void await(String condition) {
        // Asked again with each frame, since the page may be another by then.
        String once = "new Promise(done => setTimeout(() => done(!!(" + condition + ")), 5))";
        long begun = System.nanoTime();
        while (!Boolean.TRUE.equals(tryEvaluate(once))) {
            if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS)) {
                throw new AssertionError(
                        "not so within " + TIMEOUT_SECONDS + " s: " + condition + "; errors: " + errors());
            }
        }
    }

    private @Nullable Object tryEvaluate(String expression) {
        try {
            return evaluate(expression);
        } catch (AssertionError e) {
            return null; // the page was just being left
        }
    }

    /** Presses a key: a letter, or a name such as {@code ArrowLeft}. */
    public void key(String key) {
        key(key, false);
    }

    /** Presses a key, with Shift or without. */
    public void key(String key, boolean shift) {
        boolean letter = key.length() == 1;
        Map<String, Object> down = Map.of(
                "type",
                letter || key.equals("Enter") ? "keyDown" : "rawKeyDown",
                "key",
                key,
                "text",
                letter ? key : key.equals("Enter") ? "\r" : "",
                "windowsVirtualKeyCode",
                letter ? 0 : KEY_CODES.getOrDefault(key, 0),
                "modifiers",
                shift ? 8 : 0);
        ask("Input.dispatchKeyEvent", down);
        ask("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key));
    }

    /** Presses the keys of a text one after the other. */
    public void type(String text) {
        text.codePoints().forEach(letter -> key(Character.toString(letter)));
    }

    /** Moves the mouse, and clicks. */
    public void click(double x, double y) {
        mouse("mouseMoved", x, y, Map.of());
        mouse("mousePressed", x, y, Map.of("button", "left", "clickCount", 1));
        mouse("mouseReleased", x, y, Map.of("button", "left", "clickCount", 1));
    }

    /** Drags what is at one place to another. */
    public void drag(double x, double y, double toX, double toY) {
        mouse("mousePressed", x, y, Map.of("button", "left", "clickCount", 1));
        mouse("mouseMoved", (x + toX) / 2, (y + toY) / 2, Map.of("button", "left", "buttons", 1));
        mouse("mouseMoved", toX, toY, Map.of("button", "left", "buttons", 1));
        mouse("mouseReleased", toX, toY, Map.of("button", "left", "clickCount", 1));
    }

    /** Turns the wheel, down if {@code deltaY} is positive. */
    public void wheel(double x, double y, double deltaY) {
        mouse("mouseWheel", x, y, Map.of("deltaX", 0, "deltaY", deltaY));
    }

    private void mouse(String type, double x, double y, Map<String, Object> more) {
        Map<String, Object> event = new ConcurrentHashMap<>(more);
        event.putAll(Map.of("type", type, "x", x, "y", y));
        ask("Input.dispatchMouseEvent", event);
    }

    /** {@return the picture of the page} */
    public BufferedImage screenshot() {
        Object data = ask("Page.captureScreenshot", Map.of("format", "png")).get("data");
        try {
            return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode((String) data)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return what the page has complained about: errors on its console, exceptions, what its policy forbids} */
    public List<String> errors() {
        return List.copyOf(errors);
    }

    /** What the page has complained about was to be expected. */
    public void forgetErrors() {
        errors.clear();
    }

    @Override
    public void close() {
        // The browser itself ends its helpers; who only kills it leaves them to init.
        session = null;
        try {
            ask("Browser.close", Map.of());
            process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            client.shutdownNow();
        }
    }

    private Map<String, Object> ask(String method, Map<String, Object> parameters) {
        int id = lastId.incrementAndGet();
        CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
        asked.put(id, answer);
        Map<String, Object> question =
                new ConcurrentHashMap<>(Map.of("id", id, "method", method, "params", parameters));
        if (session != null) {
            question.put("sessionId", session);
        }
        socket.sendText(JSON.std.asString(question), true);
        try {
            return answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(method + " " + parameters + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> member(Map<String, Object> object, String name) {
        return object.get(name) instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    /** Reads what the browser sends: answers, and events, of which errors are kept. */
    private final class Answers implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                Map<String, Object> read = JSON.std.mapFrom(message.toString());
                message.setLength(0);
                if (read.get("id") instanceof Integer id) {
                    CompletableFuture<Map<String, Object>> answer = asked.remove(id);
                    if (answer != null && read.get("error") != null) {
                        answer.completeExceptionally(new IOException("chromium says " + read.get("error")));
                    } else if (answer != null) {
                        answer.complete(member(read, "result"));
                    }
                } else {
                    event(String.valueOf(read.get("method")), member(read, "params"));
                }
            }
            webSocket.request(1);
            return null;
        }

        private void event(String method, Map<String, Object> parameters) {
            switch (method) {
                case "Runtime.exceptionThrown" -> errors.add(String.valueOf(parameters.get("exceptionDetails")));
                case "Runtime.consoleAPICalled" -> {
                    if (List.of("error", "warning", "assert").contains(String.valueOf(parameters.get("type")))) {
                        errors.add(String.valueOf(parameters.get("args")));
                    }
                }
                case "Log.entryAdded" -> {
                    if ("error".equals(member(parameters, "entry").get("level"))) {
                        errors.add(String.valueOf(member(parameters, "entry").get("text")));
                    }
                }
                default -> {}
            }
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            new ArrayList<>(asked.values()).forEach(answer -> answer.completeExceptionally(error));
        }
    }
}
