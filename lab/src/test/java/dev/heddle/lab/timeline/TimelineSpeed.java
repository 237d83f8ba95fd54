package dev.heddle.lab.timeline;

import dev.heddle.lab.Browser;
import dev.heddle.trace.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Measures how fast the page of a large recording is in headless Chromium: how long it takes to open, and how many frames a second
 * there are while it moves, from the whole to the nearest. A program of its own, since a busy machine says nothing about a page.
 *
 * <p>Arguments: events (1,000,000), tasks (2,000), seed (1).
 */
public final class TimelineSpeed {
    private static final int CARRIERS = 4;
    private static final int OPENINGS = 5;
    private static final String FRAMES = """
            new Promise(done => {
              const lasted = [];
              let before = performance.now();
              const frame = now => {
                lasted.push(now - before);
                before = now;
                pan(lasted.length % 60 < 30 ? 0.02 : -0.02);
                if (lasted.length < 120) requestAnimationFrame(frame);
                else done(lasted.slice(5).sort((a, b) => a - b));
              };
              requestAnimationFrame(frame);
            }).then(all => [1000 / (all.reduce((a, b) => a + b) / all.length), all.at(-1)])""";

    private TimelineSpeed() {}

    /** Measures, and prints what it finds. */
    public static void main(String[] args) throws IOException {
        int events = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        int tasks = args.length > 1 ? Integer.parseInt(args[1]) : 2_000;
        long seed = args.length > 2 ? Long.parseLong(args[2]) : 1;
        Path folder = Files.createTempDirectory("timeline");
        Path file = folder.resolve("timeline.html");
        Recording recording = SyntheticRecording.of(seed, CARRIERS, tasks, events);
        long begun = System.nanoTime();
        TimelineHtml.write(recording, file);
        System.out.printf(
                Locale.ROOT,
                "%,d events of %,d tasks, seed %d: written in %.1f s, %.1f MB%n",
                recording.size(),
                tasks,
                seed,
                (System.nanoTime() - begun) / 1e9,
                Files.size(file) / 1e6);
        try (Browser browser = Browser.open(folder)) {
            for (int i = 0; i < OPENINGS; i++) {
                browser.go(file.toUri());
                browser.await("document.body.dataset.ready");
                System.out.printf(Locale.ROOT, "opened in %s ms%n", browser.evaluate("document.body.dataset.ready"));
            }
            for (double share = 1; share > 1e-6; share /= 8) {
                double half = share / 2;
                browser.evaluate("look(model.end * (0.5 - " + half + "), model.end * (0.5 + " + half + "))");
                Object measured = browser.evaluate(FRAMES);
                System.out.printf(
                        Locale.ROOT,
                        "%.6f of it on the screen: frames a second, slowest frame in ms: %s%n",
                        share,
                        measured);
            }
        }
    }
}
