package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.HeddleBuilder;
import dev.heddle.Model;
import dev.heddle.trace.Recorder;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * {@code bench/run trace}: what a {@link Recorder} costs, and what it costs to have none. Each number is made in a fresh process; those
 * of the kinds take turns, another one first each time; the table has the median over the processes.
 *
 * <p>What recording costs where it is off can only be seen beside a Heddle that has none, see {@link Seamless}.
 */
final class TraceCost {
    private static final int TASKS = 2;

    /** What is measured, and what is asked. */
    private enum Load {
        /** Tasks that compute, more than there are processors. */
        CPU_GREEN(Model.GREEN, "ms", 1.05),
        /** The same as OS threads. */
        CPU_THREAD(Model.THREAD, "ms", 1.05),
        /** Two green tasks that wake each other. */
        PING_PONG(Model.GREEN, "ns/round trip", 1.3),
        /** Two green tasks that send each other an element. */
        PING_PONG_CHANNEL(Model.GREEN, "ns/round trip", 1.3);

        final Model model;
        final String unit;
        final double most;

        Load(Model model, String unit, double most) {
            this.model = model;
            this.unit = unit;
            this.most = most;
        }

        String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        double once(Tasks tasks, Measurement m) throws Exception {
            return switch (this) {
                case CPU_GREEN, CPU_THREAD -> compute(tasks, m.size(300));
                case PING_PONG -> Switching.pingPong(tasks, m.size(20_000));
                case PING_PONG_CHANNEL -> Passing.rendezvous(tasks, m.size(20_000));
            };
        }

        private static double compute(Tasks tasks, int rounds) throws Exception {
            long start = System.nanoTime();
            List<Future<Long>> all = new ArrayList<>();
            for (int i = 0; i < 4 * TASKS; i++) {
                all.add(tasks.start(() -> {
                    long sum = 0;
                    for (int round = 0; round < rounds; round++) {
                        sum += Computations.collatz();
                    }
                    return sum;
                }));
            }
            Switching.joinAll(all);
            return (System.nanoTime() - start) / 1e6;
        }
    }

    /** With or without. */
    private enum Kind {
        /** A Heddle that can have no recorder. */
        WITHOUT,
        /** One that can, and has none. */
        OFF,
        /** One that records. */
        ON
    }

    /** Most of OFF to WITHOUT. */
    private static final double MOST_OFF = 1.01;

    private TraceCost() {}

    /**
     * @param args {@code child}, a load, a kind and {@code full} or {@code smoke}; or what {@code bench/run trace} was given
     */
    public static void main(String[] args) throws Exception {
        if (args.length == 4 && args[0].equals("child")) {
            child(Load.valueOf(args[1]), Kind.valueOf(args[2]), args[3].equals("smoke"));
            return;
        }
        int repetitions = 5;
        boolean smoke = false;
        List<Load> loads = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            String word = args[i];
            String next = i + 1 < args.length ? args[i + 1] : "";
            List<Load> named = Arrays.stream(Load.values())
                    .filter(load -> load.text().equals(word))
                    .toList();
            if (args[i].equals("--smoke")) {
                smoke = true;
            } else if (args[i].equals("--reps") && next.matches("[1-9][0-9]{0,3}")) {
                repetitions = Integer.parseInt(args[++i]);
            } else if (!named.isEmpty()) {
                loads.addAll(named);
            } else {
                System.err.println("bench/run trace [--reps N] [--smoke] [SHAPE...]: \"" + args[i]
                        + "\" is none of "
                        + String.join(
                                ", ",
                                Arrays.stream(Load.values()).map(Load::text).toList())
                        + ", nor an option with what belongs to it");
                System.exit(2);
            }
        }
        Path without = Files.createTempDirectory("heddle-without-trace");
        int status = 1;
        try {
            Seamless.writeTo(without);
            status = compare(loads.isEmpty() ? List.of(Load.values()) : loads, repetitions, smoke, without);
        } finally {
            delete(without);
        }
        System.exit(status);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void child(Load load, Kind kind, boolean smoke) throws Exception {
        HeddleBuilder builder = Heddle.builder(load.model);
        if (kind == Kind.ON) {
            builder.trace(Recorder.within(Recorder.DEFAULT_BYTES));
        }
        Measurement m = new Measurement(smoke, (row, value) -> System.out.println(value));
        try (Heddle heddle = builder.open();
                Tasks tasks = new Tasks.OfHeddle(heddle, 0, Channels.OfHeddle::new)) {
            m.report(load.text(), m.median(() -> load.once(tasks, m)));
        }
    }

    private static int compare(List<Load> loads, int repetitions, boolean smoke, Path seamless)
            throws IOException, InterruptedException {
        System.out.println(Runtime.getRuntime().availableProcessors() + " CPUs, commit "
                + System.getProperty("heddle.bench.commit", "unknown") + ", medians of " + repetitions
                + " processes each"
                + (smoke ? "\nSMOKE RUN: a hundredth of every size; the numbers and verdicts mean nothing." : ""));
        System.out.println();
        System.out.println("| shape | unit | off | on | on / off | bar | off / without | bar | verdict |");
        System.out.println("|---|---|---:|---:|---:|---:|---:|---:|---|");
        boolean met = true;
        for (Load load : loads) {
            Map<Kind, List<Double>> numbers = new EnumMap<>(Kind.class);
            List<Kind> kinds = List.of(Kind.values());
            for (int i = 0; i < repetitions * kinds.size(); i++) {
                Kind kind = kinds.get((i / kinds.size() + i) % kinds.size());
                double number = run(load, kind, smoke, seamless);
                numbers.computeIfAbsent(kind, k -> new ArrayList<>()).add(number);
                System.err.println(load.text() + ", " + kind.name().toLowerCase(Locale.ROOT) + ": " + number);
            }
            double off = Measurement.median(numbers.getOrDefault(Kind.OFF, List.of()));
            double on = Measurement.median(numbers.getOrDefault(Kind.ON, List.of()));
            double without = Measurement.median(numbers.getOrDefault(Kind.WITHOUT, List.of()));
            boolean good = on / off <= load.most && off / without <= MOST_OFF;
            met &= good;
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %,.1f | %,.1f | %.3f | <= %.2f | %.3f | <= %.2f | %s |%n",
                    load.text(),
                    load.unit,
                    off,
                    on,
                    on / off,
                    load.most,
                    off / without,
                    MOST_OFF,
                    good ? "met" : "NOT MET");
        }
        return met ? 0 : 1;
    }

    private static double run(Load load, Kind kind, boolean smoke, Path without)
            throws IOException, InterruptedException {
        String own = System.getProperty("java.class.path");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens",
                        "java.base/java.lang=ALL-UNNAMED",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        kind == Kind.WITHOUT ? without + File.pathSeparator + own : own,
                        TraceCost.class.getName(),
                        "child",
                        load.name(),
                        kind.name(),
                        smoke ? "smoke" : "full")
                .redirectError(Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(
                    "the process for " + load.text() + ", " + kind + ", ended with " + process.exitValue());
        }
        return Double.parseDouble(printed.strip());
    }
}
