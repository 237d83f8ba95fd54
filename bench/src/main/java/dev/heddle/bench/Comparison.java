package dev.heddle.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code bench/run green}, {@code channels} and {@code processes}: Heddle and its peers under the shapes of a table.
 *
 * <p>The competitors take turns in fresh processes, so that whatever else the machine does meets all of them; each
 * process warms up and gives the median of its runs, and the table has the median over the processes. The table goes to
 * standard output, everything else to standard error.
 */
final class Comparison {
    private final Table table;
    private final boolean smoke;
    private final int repetitions;
    private final List<Shape> shapes;
    private final Results results;

    private Comparison(Table table, boolean smoke, int repetitions, List<Shape> shapes) {
        this.table = table;
        this.smoke = smoke;
        this.repetitions = repetitions;
        this.shapes = shapes.isEmpty() ? table.shapes() : shapes;
        results = new Results(table);
    }

    /**
     * @param args the table, then what {@code bench/run} was given
     */
    public static void main(String[] args) throws InterruptedException {
        Table table = Table.of(args[0]);
        boolean smoke = false;
        int repetitions = 5;
        List<Shape> shapes = new ArrayList<>();
        try {
            for (int i = 1; i < args.length; i++) {
                switch (args[i]) {
                    case "--smoke" -> smoke = true;
                    case "--reps" -> repetitions = repetitions(i + 1 < args.length ? args[++i] : "");
                    default -> shapes.add(table.shape(args[i]));
                }
            }
        } catch (IllegalArgumentException e) {
            System.err.println("bench/run " + table + " [--reps N] [--smoke] [SHAPE...]: " + e.getMessage());
            System.exit(2);
        }
        System.exit(new Comparison(table, smoke, repetitions, shapes).run());
    }

    private static int repetitions(String number) {
        if (!number.matches("[1-9][0-9]{0,3}")) {
            throw new IllegalArgumentException("--reps needs a number from 1 to 9999, not \"" + number + "\"");
        }
        return Integer.parseInt(number);
    }

    private int run() throws InterruptedException {
        programs()
                .filter(peer -> peer.program().isEmpty())
                .forEach(peer -> results.absent(peer, peer + " is not installed"));
        System.out.println(conditions());
        for (Shape shape : shapes) {
            for (int repetition = 0; repetition < repetitions; repetition++) {
                measure(shape, repetition);
            }
        }
        System.out.println();
        System.out.print(results.table(shapes));
        return results.exitCode(shapes);
    }

    /** {@return those of the competitors that are programs of other languages} */
    private Stream<Competitor> programs() {
        return table.competitors().stream().filter(Competitor::isProgram);
    }

    /** One process of each competitor, a different one first each time. */
    private void measure(Shape shape, int repetition) throws InterruptedException {
        List<Competitor> all = table.competitors();
        for (int i = 0; i < all.size(); i++) {
            Competitor competitor = all.get((repetition + i) % all.size());
            if (shape.absent().contains(competitor)
                    || results.isAbsent(competitor)
                    || results.hasFailed(competitor, shape)) {
                continue;
            }
            String what = shape.name() + ", " + competitor + ", " + (repetition + 1) + " of " + repetitions + ": ";
            try {
                Map<String, Double> numbers = competitor.measure(shape, smoke);
                results.add(competitor, numbers);
                System.err.println(what + numbers);
            } catch (IOException e) {
                results.failed(competitor, shape);
                System.err.println(what + e.getMessage());
            }
        }
    }

    /** What the numbers hold for. */
    private String conditions() {
        return String.format(
                Locale.ROOT,
                "%d CPUs, load %.2f at the start, %s %s %s; %s %s; %scommit %s; medians of %d processes each%s",
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                System.getProperty("java.vendor"),
                System.getProperty("java.runtime.version"),
                programs().map(peer -> peer + ": " + peer.version() + "; ").collect(Collectors.joining()),
                System.getProperty("heddle.bench.commit", "unknown"),
                repetitions,
                smoke ? "\nSMOKE RUN: a hundredth of every size; the numbers and verdicts mean nothing." : "");
    }
}
