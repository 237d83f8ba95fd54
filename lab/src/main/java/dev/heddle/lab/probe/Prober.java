package dev.heddle.lab.probe;

import dev.heddle.lab.measure.MeasureException;
import dev.heddle.lab.measure.MeasureException.Kind;
import dev.heddle.lab.measure.ProcFs;
import dev.heddle.lab.measure.ProcFs.MachineTime;
import dev.heddle.lab.measure.Units;
import dev.heddle.lab.probe.Finding.Says;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.jr.ob.JSON;

/**
 * Asks a program to create units of concurrency, and looks from outside what they are: which OS tasks there are below
 * {@code /proc}, how much CPU time passes in how much time, whether one unit's write is seen by another, how long a unit that
 * waits is kept from running. Neither the program's name nor what it says of itself counts.
 *
 * <p>The program is started with {@code HEDDLE_PROBE=1} in its environment and says first that it takes part, by the line
 * {@code {"probe":1}}. Then it does what it reads from standard input, a command a line, and answers each by a line of JSON:
 *
 * <ul>
 *   <li>{@code wait N}: creates N units that wait; {@code {"ids":[...]}}, of each the target of its {@code /proc/thread-self};
 *   <li>{@code release}: ends these units; {@code {}};
 *   <li>{@code write}: a unit writes 42 to a variable that is 0; {@code {"seen":n}} is what its creator reads afterwards;
 *   <li>{@code burn K}: K units compute, each the same, about a tenth of a second, with no wait; {@code {}} when all have ended;
 *   <li>{@code tick K MILLIS}: K units spin for so long each, with no wait, beside one that wakes each millisecond;
 *       {@code {"gap":nanos}} is the longest time between two of its wakes until the last of the others has ended;
 *   <li>{@code move}: eight units wait 20 times a millisecond; {@code {"moved":n}} of them were on several OS threads.
 * </ul>
 *
 * <p>It ends when its standard input does.
 *
 * <p>For one thread; Linux only, since it reads {@code /proc}.
 */
public final class Prober {
    private static final int UNITS = 8;
    private static final int SPIN_MILLIS = 300;
    private static final long ANSWER_SECONDS = 60;

    private static final long LOOK_MILLIS = 4;

    /** A program that takes part says so at once; a JVM may need a while to start. */
    private static final long GREETING_SECONDS = 5;

    /**
     * Two units that are concurrent are both ready to run nearly all the time, also where other programs have the CPUs; of
     * those that take turns one waits for the other.
     */
    private static final double READY_TOGETHER = 0.6;

    private static final double READY_IN_TURN = 0.35;

    /** Where the machine has at least so many CPUs for them, concurrent ones must also use more than the next number. */
    private static final double ENOUGH_CPUS = 1.6;

    private static final double CONCURRENT = 1.3;

    /**
     * Those that take turns use no more CPUs than this, and leave as many as the next number unused that the machine had for them;
     * where it had not, one may not even have begun before the other has ended.
     */
    private static final double NOT_CONCURRENT = 1.25;

    private static final double UNUSED = 0.35;

    private static final int ATTEMPTS = 4;

    private final Process process;
    private final BufferedReader answers;
    private final Writer commands;
    private final ExecutorService reader = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("probe-reader").factory());

    private double cpusOfTwo;

    private Prober(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * @param command a program that takes part
     * @return what its units are
     * @throws MeasureException if it does not take part, or stops doing so
     * @throws InterruptedException if the calling thread was interrupted
     */
    public static Profile probe(List<String> command) throws MeasureException, InterruptedException {
        return probe(command, Duration.ZERO);
    }

    /**
     * Probes any program: one that does not take part is only looked at, for some time or until it ends.
     *
     * @param command the program
     * @param longest how long to look at it; zero if it has to take part
     * @return what its units are, as far as can be seen
     * @throws MeasureException if it cannot be started, or stops taking part
     * @throws InterruptedException if the calling thread was interrupted
     */
    public static Profile probe(List<String> command, Duration longest) throws MeasureException, InterruptedException {
        Path err = null;
        try {
            err = Files.createTempFile("heddle-probe", ".err");
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.to(err.toFile()));
            builder.environment().put("HEDDLE_PROBE", "1");
            Prober prober = new Prober(start(builder));
            try {
                return prober.profile(longest);
            } catch (MeasureException e) {
                String said = Files.readString(err).strip();
                throw said.isEmpty() ? e : new MeasureException(e.kind(), e.getMessage() + "; it wrote: " + said, "");
            } finally {
                prober.end();
            }
        } catch (IOException e) {
            throw new MeasureException(
                    Kind.FAILED, "`" + String.join(" ", command) + "` cannot be probed: " + e.getMessage(), "");
        } finally {
            if (err != null) {
                err.toFile().delete();
            }
        }
    }

    private static Process start(ProcessBuilder builder) throws MeasureException {
        String program = builder.command().getFirst();
        try {
            return builder.start();
        } catch (IOException e) {
            String why = !program.contains("/")
                    ? "there is no such program on the PATH; of another, name the file"
                    : Files.exists(Path.of(program)) ? "it is no program that you may run" : "there is no such file";
            throw new MeasureException(Kind.FAILED, program + " cannot be started: " + why, "");
        }
    }

    private Profile profile(Duration longest) throws MeasureException, InterruptedException {
        if (longest.isPositive()) {
            Watch watch = new Watch(this::tree);
            if (!takesPart(watch)) {
                Profile seen = watch.until(process, longest);
                if (watch.hasSeenNothing()) {
                    throw new MeasureException(
                            Kind.FAILED,
                            "the program ended, with exit code " + process.waitFor()
                                    + ", before anything of it could be seen",
                            "");
                }
                return seen;
            }
        } else if (!Integer.valueOf(1).equals(next(() -> {}).get("probe"))) {
            throw new MeasureException(Kind.FAILED, "it should first have said {\"probe\":1}", "");
        }
        Map<Trait, Finding> findings = new EnumMap<>(Trait.class);
        findings.put(Trait.MANAGED, managed());
        findings.put(Trait.ADDRESS_SPACE, addressSpace());
        findings.put(Trait.CONCURRENT, concurrent());
        findings.put(Trait.PREEMPTIVE, preemptive());
        findings.put(Trait.MOVES, moves());
        return Profile.of(findings, cpusOfTwo);
    }

    /** Looks at it meanwhile. */
    private boolean takesPart(Watch watch) throws InterruptedException {
        Future<@Nullable String> line = reader.submit(answers::readLine);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(GREETING_SECONDS);
        while (System.nanoTime() - end < 0) {
            try {
                String text = line.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                boolean greets = text != null && text.replace(" ", "").equals("{\"probe\":1}");
                if (!greets) {
                    reader.submit(this::drain);
                }
                return greets;
            } catch (TimeoutException e) {
                watch.look();
            } catch (ExecutionException e) {
                return false;
            }
        }
        reader.submit(this::drain);
        return false;
    }

    /** So that a program which writes much does not stand still. */
    private void drain() {
        try {
            while (answers.readLine() != null) {}
        } catch (IOException e) {
            return; // it has ended
        }
    }

    // ---- the traits

    private Finding managed() throws MeasureException, InterruptedException {
        long before = tasks();
        Set<String> ids = new HashSet<>();
        if (ask("wait " + UNITS).get("ids") instanceof List<?> list) {
            list.forEach(id -> ids.add(String.valueOf(id)));
        }
        Set<String> processes = new HashSet<>();
        tree().forEach(pid -> processes.add(String.valueOf(pid)));
        long own = ids.stream()
                .filter(id -> processes.contains(id.split("/")[0]) && Files.isDirectory(Path.of("/proc", id)))
                .count();
        long after = tasks();
        ask("release");
        String evidence =
                UNITS + " units waited on " + own + " different OS tasks that are there below /proc, while the"
                        + " program's OS tasks went from " + before + " to " + after;
        if (own == UNITS && after - before >= UNITS - 1) { // one may have been kept ready
            return Finding.yes(evidence);
        }
        return own <= UNITS / 2 ? Finding.no(evidence) : Finding.unsure(evidence);
    }

    private Finding addressSpace() throws MeasureException, InterruptedException {
        Object seen = ask("write").get("seen");
        String evidence = "a unit wrote 42 to a variable, and its creator then read " + seen;
        return Integer.valueOf(42).equals(seen)
                ? Finding.no(evidence)
                : Integer.valueOf(0).equals(seen) ? Finding.yes(evidence) : Finding.unsure(evidence);
    }

    private Finding concurrent() throws MeasureException, InterruptedException {
        ask("burn 1"); // to warm up
        ask("burn 2");
        Finding found = Finding.unsure("nothing was tried");
        for (int attempt = 0; attempt < ATTEMPTS && found.says() == Says.UNSURE; attempt++) {
            found = tryConcurrent();
        }
        return found;
    }

    private Finding tryConcurrent() throws MeasureException, InterruptedException {
        long start = System.nanoTime();
        ask("burn 1");
        double one = System.nanoTime() - start;
        MachineTime machine = ProcFs.machine();
        long cpu = cpu();
        List<Long> ready = new ArrayList<>();
        start = System.nanoTime();
        ask("burn 2", () -> ready.add(ready()));
        double two = System.nanoTime() - start;
        double used = cpu() - cpu;
        MachineTime after = ProcFs.machine();
        double foreign = Math.max(0, after.used() - machine.used() - used);
        int cpus = Runtime.getRuntime().availableProcessors();
        double available = Math.max(0, cpus - foreign / two);
        double together = (double) ready.stream().filter(tasks -> tasks >= 2).count() / Math.max(1, ready.size());
        cpusOfTwo = used / two;
        String evidence = String.format(
                Locale.ROOT,
                "two CPU-bound units could run at the same time, ready and on different CPUs, in %.0f%% of %d looks; they took %s and one took"
                        + " %s; they used %.2f CPUs, and the machine had %.2f for them",
                together * 100,
                ready.size(),
                Units.time(two),
                Units.time(one),
                cpusOfTwo,
                available);
        if (cpus < 2) {
            return Finding.unsure(evidence);
        }
        if (together >= READY_TOGETHER && (available < ENOUGH_CPUS || cpusOfTwo > CONCURRENT)) {
            return Finding.yes(evidence);
        }
        return together <= READY_IN_TURN && cpusOfTwo < NOT_CONCURRENT && available - cpusOfTwo >= UNUSED
                ? Finding.no(evidence)
                : Finding.unsure(evidence);
    }

    /** One attempt in which it was let run is enough; that it was never let run must show twice. */
    private Finding preemptive() throws MeasureException, InterruptedException {
        int spinning =
                2 * Runtime.getRuntime().availableProcessors(); // so that no free CPU does what a scheduler should
        double spin = TimeUnit.MILLISECONDS.toNanos(SPIN_MILLIS);
        double shortest = Double.POSITIVE_INFINITY;
        int never = 0;
        for (int attempt = 0; attempt < ATTEMPTS && never < 2; attempt++) {
            if (!(ask("tick " + spinning + " " + SPIN_MILLIS).get("gap") instanceof Number gap)) {
                return Finding.unsure("it did not say how long the waking unit waited");
            }
            shortest = Math.min(shortest, gap.doubleValue());
            never += gap.doubleValue() > spin * 0.95 ? 1 : 0;
            if (shortest < spin * 0.6) {
                break;
            }
        }
        String evidence = "while " + spinning + " units spun for " + SPIN_MILLIS + " ms each, one that wakes each"
                + " millisecond was kept from it for " + Units.time(shortest) + " at most";
        if (shortest < spin * 0.6) {
            return Finding.yes(evidence);
        }
        return shortest > spin * 0.95 ? Finding.no(evidence) : Finding.unsure(evidence);
    }

    private Finding moves() throws MeasureException, InterruptedException {
        Object moved = ask("move").get("moved");
        String evidence = moved + " of 8 units that waited again and again were seen on several OS threads";
        return moved instanceof Number number
                ? number.intValue() > 0 ? Finding.yes(evidence) : Finding.no(evidence)
                : Finding.unsure(evidence);
    }

    // ---- from outside

    private List<Long> tree() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    private long tasks() {
        return tree().stream().mapToLong(ProcFs::threads).sum();
    }

    private long ready() {
        return ProcFs.ready(tree()).atOnce();
    }

    private long cpu() {
        return tree().stream().mapToLong(ProcFs::cpuNanos).sum();
    }

    // ---- the conversation

    private Map<String, @Nullable Object> ask(String command) throws MeasureException, InterruptedException {
        return ask(command, () -> {});
    }

    /** Looks again and again until the answer comes. */
    private Map<String, @Nullable Object> ask(String command, Runnable look)
            throws MeasureException, InterruptedException {
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new MeasureException(Kind.FAILED, "it has ended before `" + command + "`", "");
        }
        return next(look);
    }

    private Map<String, @Nullable Object> next(Runnable look) throws MeasureException, InterruptedException {
        Future<@Nullable String> line = reader.submit(answers::readLine);
        try {
            String text = await(line, look);
            if (text == null) {
                throw new MeasureException(Kind.FAILED, "it has ended without an answer", "");
            }
            return JSON.std.mapFrom(text);
        } catch (TimeoutException e) {
            throw new MeasureException(Kind.FAILED, "it has not answered for " + ANSWER_SECONDS + " s", "");
        } catch (ExecutionException | JacksonException e) {
            throw new MeasureException(Kind.FAILED, "it has not answered by a line of JSON: " + e.getMessage(), "");
        }
    }

    private static @Nullable String await(Future<@Nullable String> line, Runnable look)
            throws InterruptedException, ExecutionException, TimeoutException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_SECONDS);
        while (System.nanoTime() - end < 0) {
            try {
                return line.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                look.run();
            }
        }
        throw new TimeoutException();
    }

    private void end() throws InterruptedException {
        List<ProcessHandle> descendants = process.descendants().toList();
        try {
            commands.close();
        } catch (IOException e) {
            process.destroyForcibly(); // it has closed its end
        }
        if (!process.waitFor(2, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        descendants.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
        reader.shutdownNow();
    }
}
