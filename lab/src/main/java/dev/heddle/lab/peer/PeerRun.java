package dev.heddle.lab.peer;

import dev.heddle.lab.Outcome.Fact;
import dev.heddle.lab.measure.Latencies;
import dev.heddle.lab.measure.MeasureException;
import dev.heddle.lab.measure.MeasureException.Kind;
import dev.heddle.lab.measure.ProcFs;
import dev.heddle.lab.measure.ProcFs.MachineTime;
import dev.heddle.lab.measure.Sample;
import dev.heddle.lab.measure.Scheduling;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.jr.ob.JSON;

/**
 * Runs a peer once, from start to end, and reads its last line, which is JSON. {@code nanos} is the time of the work, as the
 * program has measured it, so that its start does not count; {@code cpuNanos} and {@code switches} are the kernel's account;
 * {@code latencies} is an array of nanoseconds; all else are facts.
 */
public final class PeerRun {
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(120);
    private static final long LOOK_MILLIS = 10;

    /** Looking for descendants reads all of /proc. */
    private static final int LOOKS_PER_SEARCH = 20;

    private PeerRun() {}

    /**
     * @param command what to start
     * @return what it reported, with its memory and threads as seen from outside every {@value #LOOK_MILLIS} ms
     * @throws MeasureException if it failed; the message has what it wrote to standard error
     * @throws InterruptedException if the calling thread was interrupted; the program has been ended
     */
    public static Sample once(List<String> command) throws MeasureException, InterruptedException {
        Path out = null;
        Path err = null;
        try {
            out = Files.createTempFile("heddle-peer", ".out");
            err = Files.createTempFile("heddle-peer", ".err");
            MachineTime before = ProcFs.machine();
            Process process = new ProcessBuilder(command)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            Seen seen = watch(process, command);
            MachineTime after = ProcFs.machine();
            if (process.exitValue() != 0) {
                throw new MeasureException(
                        Kind.FAILED,
                        "`" + String.join(" ", command) + "` ended with exit code " + process.exitValue() + ": "
                                + Files.readString(err).strip(),
                        "");
            }
            return sample(lastLine(out, command), seen, before, after);
        } catch (IOException e) {
            throw new MeasureException(Kind.FAILED, "`" + String.join(" ", command) + "` cannot be run: " + e, "");
        } finally {
            delete(out);
            delete(err);
        }
    }

    private record Seen(long peakRss, long threads) {}

    private static Seen watch(Process process, List<String> command) throws MeasureException, InterruptedException {
        long peakRss = 0;
        long threads = 0;
        long end = System.nanoTime() + TIMEOUT_NANOS;
        try {
            List<Long> tree = List.of();
            int look = 0;
            do {
                if (look++ % LOOKS_PER_SEARCH == 0) {
                    tree = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                            .map(ProcessHandle::pid)
                            .toList();
                }
                peakRss = Math.max(
                        peakRss, tree.stream().mapToLong(ProcFs::peakRssBytes).sum());
                threads = Math.max(
                        threads, tree.stream().mapToLong(ProcFs::threads).sum());
                if (System.nanoTime() - end > 0) {
                    throw new MeasureException(
                            Kind.FAILED,
                            "`" + String.join(" ", command) + "` has not ended in "
                                    + TimeUnit.NANOSECONDS.toSeconds(TIMEOUT_NANOS) + " s",
                            "");
                }
            } while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS));
            return new Seen(peakRss, threads);
        } finally {
            if (process.isAlive()) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    private static Map<String, Object> lastLine(Path out, List<String> command) throws IOException, MeasureException {
        List<String> lines = Files.readAllLines(out, StandardCharsets.UTF_8);
        String last = lines.isEmpty() ? "" : lines.getLast();
        try {
            return JSON.std.mapFrom(last);
        } catch (JacksonException e) {
            throw new MeasureException(
                    Kind.FAILED,
                    "`" + String.join(" ", command) + "` should end with a line of JSON, and ended with '" + last + "'",
                    "");
        }
    }

    private static Sample sample(Map<String, Object> line, Seen seen, MachineTime before, MachineTime after) {
        long cpu = number(line, "cpuNanos");
        List<Fact> facts = new ArrayList<>();
        long[] latencies = new long[0];
        for (Map.Entry<String, Object> entry : line.entrySet()) {
            switch (entry.getKey()) {
                case "nanos", "cpuNanos", "switches" -> {}
                case "latencies" ->
                    latencies = ((List<?>) entry.getValue())
                            .stream()
                                    .mapToLong(value -> ((Number) value).longValue())
                                    .toArray();
                default ->
                    facts.add(new Fact(
                            entry.getKey(),
                            entry.getValue() instanceof Number number ? (Object) number.longValue() : entry.getValue(),
                            false));
            }
        }
        return new Sample(
                number(line, "nanos"),
                cpu,
                number(line, "switches"),
                seen.peakRss() == 0 ? Sample.UNKNOWN : seen.peakRss(), // it had ended before it could be looked at
                seen.threads() == 0 ? Sample.UNKNOWN : seen.threads(),
                Math.max(0, after.used() - before.used() - cpu),
                after.total() - before.total(),
                facts,
                new Latencies(latencies),
                Scheduling.UNKNOWN);
    }

    private static long number(Map<String, Object> line, String name) {
        return line.get(name) instanceof Number number ? number.longValue() : Sample.UNKNOWN;
    }

    private static void delete(@org.jspecify.annotations.Nullable Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                file.toFile().deleteOnExit();
            }
        }
    }
}
