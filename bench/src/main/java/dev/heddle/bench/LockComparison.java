package dev.heddle.bench;

import dev.heddle.Model;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * {@code bench/run lock}: the global lock beside CPython's. The two take turns; the table, on standard output, has the median of some
 * rounds. Heddle's number must be within the bar, CPython's is to compare with.
 */
final class LockComparison {
    /** Measures something of Heddle. */
    @FunctionalInterface
    private interface Body {
        double run() throws IOException, InterruptedException;
    }

    /**
     * A line of the table.
     *
     * @param name of the shape, and the model
     * @param python the shape, as lock.py calls it
     * @param unit of the number
     * @param least the number may be no less, NaN where nothing is asked
     * @param most the number may be no more, NaN where nothing is asked
     * @param body measures it
     */
    private record Line(String name, String python, String unit, double least, double most, Body body) {}

    private static final List<Line> LINES = Stream.concat(
                    Stream.of(Model.THREAD, Model.GREEN).flatMap(LockComparison::linesOf),
                    Stream.of(new Line(
                            "processes", "processes", "speed of 2 / speed of 1", 1.7, Double.NaN, Locks::processes)))
            .toList();

    private final String script;
    private final int rounds;

    private LockComparison(String script, int rounds) {
        this.script = script;
        this.rounds = rounds;
    }

    private static Stream<Line> linesOf(Model model) {
        String suffix = "-" + model.name().toLowerCase(Locale.ROOT);
        return Stream.of(
                new Line("cpu" + suffix, "cpu", "time of 2 / time of 1", 1.9, 2.2, () -> Locks.cpu(model)),
                new Line("waits" + suffix, "waits", "ms", Double.NaN, 200, () -> Locks.waits(model)),
                slices(model, suffix, 1),
                slices(model, suffix, 5),
                slices(model, suffix, 20),
                new Line("convoy" + suffix, "convoy", "wait / interval", 0.8, 1.5, () -> Locks.convoy(model)));
    }

    private static Line slices(Model model, String suffix, int millis) {
        return new Line(
                "slices-" + millis + suffix,
                "slices-" + millis,
                "slice / interval",
                0.8,
                1.5,
                () -> Locks.slices(model, millis));
    }

    /**
     * @param args the path of lock.py, then what {@code bench/run lock} was given
     */
    public static void main(String[] args) throws InterruptedException {
        int rounds = 3;
        List<Line> lines = new ArrayList<>();
        for (int i = 1; i < args.length; i++) {
            String arg = args[i];
            List<Line> named =
                    LINES.stream().filter(line -> line.name.startsWith(arg)).toList();
            if (arg.equals("--reps") && i + 1 < args.length && args[i + 1].matches("[1-9][0-9]{0,3}")) {
                rounds = Integer.parseInt(args[++i]);
            } else if (named.isEmpty()) {
                System.err.println("bench/run lock [--reps N] [SHAPE...]: \"" + arg + "\" begins no name of "
                        + String.join(", ", LINES.stream().map(Line::name).toList()));
                System.exit(2);
            }
            lines.addAll(named);
        }
        System.exit(new LockComparison(args[0], rounds).run(lines.isEmpty() ? LINES : lines));
    }

    private int run(List<Line> lines) throws InterruptedException {
        System.out.println(conditions());
        System.out.println();
        System.out.println("| shape | unit | heddle | bar | CPython | verdict |");
        System.out.println("| --- | --- | ---: | ---: | ---: | --- |");
        boolean allMet = true;
        for (Line line : lines) {
            List<Double> heddle = new ArrayList<>();
            List<Double> python = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                measure(line, "heddle", line.body, heddle);
                measure(line, "CPython", () -> python(line.python), python);
            }
            double number = median(heddle);
            boolean met = !(number < line.least || number > line.most) && !Double.isNaN(number);
            allMet &= met;
            System.out.printf(
                    "| %s | %s | %s | %s | %s | %s |%n",
                    line.name, line.unit, cell(number), bar(line), cell(median(python)), met ? "met" : "NOT MET");
        }
        return allMet ? 0 : 1;
    }

    private static void measure(Line line, String who, Body body, List<Double> numbers) throws InterruptedException {
        try {
            double number = body.run();
            System.err.printf(Locale.ROOT, "%s, %s: %.3f%n", line.name, who, number);
            numbers.add(number);
        } catch (IOException e) { // python3 is not installed, say; the cell stays empty
            System.err.println(line.name + ", " + who + ": " + e.getMessage());
        }
    }

    private double python(String shape) throws IOException, InterruptedException {
        return Double.parseDouble(output(script, shape));
    }

    private static String output(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("python3"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + process.exitValue());
        }
        return output.strip();
    }

    private static double median(List<Double> numbers) {
        return numbers.isEmpty() ? Double.NaN : Measurement.median(numbers);
    }

    private static String bar(Line line) {
        if (Double.isNaN(line.least)) {
            return "<= " + cell(line.most);
        }
        return Double.isNaN(line.most) ? ">= " + cell(line.least) : cell(line.least) + " to " + cell(line.most);
    }

    private static String cell(double number) {
        return Double.isNaN(number) ? "" : String.format(Locale.ROOT, number >= 100 ? "%.0f" : "%.2f", number);
    }

    /** What the numbers hold for. */
    private String conditions() throws InterruptedException {
        String python;
        try {
            python = output("--version");
        } catch (IOException e) {
            python = "python3 is not installed";
        }
        return String.format(
                Locale.ROOT,
                "%d CPUs, load %.2f at the start, %s %s; %s %s; %s; commit %s; medians of %d rounds",
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("java.vendor"),
                System.getProperty("java.runtime.version"),
                python,
                System.getProperty("heddle.bench.commit", "unknown"),
                rounds);
    }
}
