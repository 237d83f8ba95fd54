package dev.heddle.lab;

import dev.heddle.ChannelClosedException;
import dev.heddle.WorkerDiedException;
import dev.heddle.lab.live.LiveRun;
import dev.heddle.lab.live.LiveText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code heddle live}. */
@Command(
        name = "live",
        description = {
            "Runs a workload and prints what it does, once a second, until Ctrl-C.",
            "Its controls are moved while it runs, by lines on standard input."
        },
        footer = {
            "",
            "Controls: model GREEN, processors 1, tasks 100, cpu 80 (percent of a round that is computing),",
            "  lock 5 (global lock with an interval of 5 ms; 0: none), hog, block, kill (a worker of PROCESS)"
        })
final class LiveCommand implements Callable<Integer> {
    /** Of ten states a second, one is enough to read. */
    private static final int STATES = 10;

    @Override
    public Integer call() throws InterruptedException {
        try (LiveRun run = LiveRun.start()) {
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
