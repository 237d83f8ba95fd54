package dev.heddle.lab;

import dev.heddle.ChannelClosedException;
import dev.heddle.WorkerDiedException;
import dev.heddle.lab.live.LivePage;
import dev.heddle.lab.live.LiveRun;
import dev.heddle.lab.live.LiveText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.charset.Charset;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heddle live}. */
@Command(
        name = "live",
        description = {
            "Runs a workload and serves a page, for this machine only, that shows what it does and moves its controls while it runs.",
            "Ends with Ctrl-C, or when the page has been closed."
        },
        footer = {
            "",
            "Controls of --text, on standard input: model GREEN, workload counter (or rounds, counter-atomic, philosophers,",
            "  philosophers-ordered), processors 1, tasks 100, cpu 80 (percent of a round that is computing), lock 5 (global lock with an",
            "  interval of 5 ms; 0: none), recording on (of what the scheduler does), hog, block, kill (a worker of PROCESS), compare (the four models in turn)"
        })
final class LiveCommand implements Callable<Integer> {
    @Option(names = "--port", paramLabel = "PORT", description = "Where the page is (default: a port that is free).")
    private int port;

    @Option(
            names = "--text",
            description =
                    "No page: prints what the workload does, once a second; controls are lines on standard input.")
    private boolean text;

    /** Of ten states a second, one is enough to read. */
    private static final int STATES = 10;

    private static final int MOST_PORT = 65_535;

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (port < 0 || port > MOST_PORT) {
            throw new UsageException("--port must be from 0 to " + MOST_PORT + ", and is " + port);
        }
        try (LiveRun run = LiveRun.start()) {
            if (!text) {
                return page(run);
            }
            Thread.ofPlatform().daemon().name("live-controls").start(() -> readControls(run));
            System.err.println("heddle: the workload is process " + run.pid() + "; Ctrl-C ends it.");
            for (int i = 1; !System.out.checkError(); i++) { // which flushes
                String state = run.next();
                if (i % STATES == 0) {
                    System.out.println(LiveText.line(state));
                }
            }
            return Main.OK; // whoever read has gone
        } catch (WorkerDiedException | ChannelClosedException e) {
            System.err.println("heddle: the workload has ended: " + e.getMessage());
            return Main.FAILED;
        }
    }

    private int page(LiveRun run) throws InterruptedException, IOException {
        try (LivePage page = open(run)) {
            System.out.println("Open " + page.address());
            System.err.println(
                    "heddle: only this address works, and only on this machine; Ctrl-C, or closing the page, ends the run.");
            page.show();
            return Main.OK;
        }
    }

    private LivePage open(LiveRun run) throws IOException {
        try {
            return LivePage.open(port, run);
        } catch (BindException e) {
            throw new UsageException(
                    "port " + port + " cannot be had (" + e.getMessage() + "): name another, or none", e);
        }
    }

    private static void readControls(LiveRun run) {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        try {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                try {
                    run.control(line);
                } catch (IllegalArgumentException e) {
                    System.err.println("heddle: " + e.getMessage() + ".");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
