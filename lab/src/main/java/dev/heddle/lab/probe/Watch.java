package dev.heddle.lab.probe;

import dev.heddle.lab.measure.ProcFs;
import dev.heddle.lab.probe.Finding.Says;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Looks at a program that does not take part in the probe. What needs its help stays open: that it has OS threads does not tell
 * whether it has green threads on them.
 */
final class Watch {
    private static final long LOOK_MILLIS = 5;

    /** Two units that compute are ready at the same time in at least this share of the looks at a computing program. */
    private static final double OFTEN = 0.2;

    private static final double CONCURRENT = 1.2;

    private final Supplier<List<Long>> tree;
    private final long start = System.nanoTime();
    private long mostProcesses;
    private long mostTasks;
    private long mostOfOne;
    private long looks;
    private long together;
    private long cpuNanos;

    Watch(Supplier<List<Long>> tree) {
        this.tree = tree;
    }

    void look() {
        long tasks = 0;
        long cpu = 0;
        List<Long> processes = tree.get();
        for (long pid : processes) {
            long mine = ProcFs.threads(pid);
            tasks += mine;
            mostOfOne = Math.max(mostOfOne, mine);
            cpu += ProcFs.cpuNanos(pid);
        }
        mostProcesses = Math.max(mostProcesses, processes.size());
        mostTasks = Math.max(mostTasks, tasks);
        cpuNanos = Math.max(cpuNanos, cpu);
        looks++;
        together += ProcFs.ready(processes).atOnce() >= 2 ? 1 : 0;
    }

    /** {@return whether the program had ended before the first look} */
    boolean hasSeenNothing() {
        return mostTasks == 0;
    }

    Profile until(Process process, Duration longest) throws InterruptedException {
        while (System.nanoTime() - start < longest.toNanos() && !process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            look();
        }
        double cpus = (double) cpuNanos / (System.nanoTime() - start);
        Map<Trait, Finding> findings = new EnumMap<>(Trait.class);
        String seen = "it was seen with up to " + mostProcesses + " processes and " + mostTasks + " OS tasks, "
                + mostOfOne + " of them in one process";
        findings.put(Trait.MANAGED, mostTasks > 1 ? Finding.yes(seen) : Finding.unsure(seen));
        findings.put(
                Trait.ADDRESS_SPACE,
                mostProcesses > 1 && mostOfOne == 1
                        ? Finding.yes(seen)
                        : mostProcesses == 1 && mostTasks > 1 ? Finding.no(seen) : Finding.unsure(seen));
        String ran = String.format(
                Locale.ROOT,
                "two or more OS tasks were ready to run in %d of %d looks, and it used %.2f CPUs",
                together,
                looks,
                cpus);
        boolean often = together > looks * OFTEN;
        findings.put(Trait.CONCURRENT, often && cpus > CONCURRENT ? Finding.yes(ran) : Finding.unsure(ran));
        Finding open = Finding.unsure("that needs the program's help: see docs/probes.md");
        findings.put(Trait.PREEMPTIVE, open);
        findings.put(Trait.MOVES, open);
        return new Profile(findings, cpus, conclusion(findings));
    }

    private static String conclusion(Map<Trait, Finding> findings) {
        if (says(findings, Trait.MANAGED) != Says.YES) {
            return "no units that the OS knows of; it may have green threads or fibers, or none";
        }
        return switch (says(findings, Trait.ADDRESS_SPACE)) {
            case YES -> "OS processes";
            case NO -> "OS threads, with or without green threads on them";
            case UNSURE -> "OS processes and OS threads";
        };
    }

    private static Says says(Map<Trait, Finding> findings, Trait trait) {
        Finding finding = findings.get(trait);
        return finding == null ? Says.UNSURE : finding.says();
    }
}
