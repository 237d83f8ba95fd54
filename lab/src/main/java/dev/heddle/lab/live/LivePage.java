package dev.heddle.lab.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heddle.ChannelClosedException;
import dev.heddle.WorkerDiedException;
import dev.heddle.lab.report.Page;
import dev.heddle.lab.story.Stories;
import dev.heddle.lab.timeline.TimelineHtml;
import java.io.IOException;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/** The page that shows what a {@link LiveRun} does, and moves its controls. */
public final class LivePage implements AutoCloseable {
    private static final String PAGE = "text/html; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLES = "text/css; charset=utf-8";

    private final LiveRun run;
    private final LiveServer server;

    private LivePage(LiveRun run, LiveServer server) {
        this.run = run;
        this.server = server;
    }

    /**
     * {@return a page that can be opened}
     *
     * @param port to listen on, on loopback only, or 0 for one that is free
     * @param run what to show
     * @throws IOException if the port cannot be had
     */
    public static LivePage open(int port, LiveRun run) throws IOException {
        LiveServer server = LiveServer.open(port, files(), run::control);
        run.control("recording on"); // which the page shows, until somebody turns it off there
        return new LivePage(run, server);
    }

    static Map<String, Asset> files() {
        return Map.ofEntries(
                Map.entry("", Asset.of(PAGE, "live.html")),
                Map.entry("timeline", timeline()),
                Map.entry("live.css", Asset.of(STYLES, "live.css")),
                Map.entry("common.css", asset(STYLES, Page.resource(Page.class, "common.css"))),
                Map.entry("story.css", asset(STYLES, Page.resource(Stories.class, "story.css"))),
                Map.entry("uplot.css", Asset.of(STYLES, Page.UPLOT_STYLES)),
                Map.entry("live.js", Asset.of(SCRIPT, "live.js")),
                Map.entry("live-story.js", Asset.of(SCRIPT, "live-story.js")),
                Map.entry("common.js", asset(SCRIPT, Page.resource(Page.class, "common.js"))),
                Map.entry("story.js", asset(SCRIPT, Page.resource(Stories.class, "story.js"))),
                Map.entry("stories.json", asset("application/json", Stories.json(Stories.all()))),
                Map.entry("uplot.js", Asset.of(SCRIPT, Page.UPLOT_SCRIPT)));
    }

    private static Asset asset(String type, String text) {
        return new Asset(type, text.getBytes(UTF_8));
    }

    /** {@return the page in the frame} It has its script in itself, so that is what its policy allows, and no other. */
    private static Asset timeline() {
        String page = TimelineHtml.frame();
        String begin = "<script>";
        int from = page.lastIndexOf(begin) + begin.length();
        String script = page.substring(from, page.lastIndexOf("</script>"));
        return new Asset(
                PAGE,
                page.getBytes(UTF_8),
                "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" + sha256(script)
                        + "'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'");
    }

    private static String sha256(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has it", e);
        }
    }

    /** {@return where it is, with the token without which nothing is shown} */
    public URI address() {
        return server.address();
    }

    /**
     * Shows what runs, until the last page that was opened has been closed.
     *
     * @throws WorkerDiedException if the workload's process has died
     * @throws ChannelClosedException if the workload has ended otherwise
     * @throws InterruptedException if the calling thread was interrupted
     */
    public void show() throws InterruptedException {
        Thread pump = Thread.currentThread();
        Thread watch = Thread.ofVirtual().name("live-watch").start(() -> {
            try {
                server.awaitAbandoned();
                pump.interrupt();
            } catch (InterruptedException e) {
                return; // the workload has ended first
            }
        });
        try {
            while (true) {
                server.publish(run.next());
            }
        } catch (InterruptedException e) {
            if (!server.isAbandoned()) {
                throw e;
            }
        } finally {
            watch.interrupt();
        }
    }

    /** The pages that are open say that the run has ended. */
    @Override
    public void close() {
        server.close();
    }
}
