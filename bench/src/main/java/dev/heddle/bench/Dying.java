package dev.heddle.bench;

import dev.heddle.Action;
import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.SharedLongs;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import dev.heddle.WorkerDiedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What is left when a process dies. Times are milliseconds, the worst of some. */
final class Dying {
    private static final int TASKS = 100;
    private static final int VICTIM = 10;
    private static final int WORKERS = 2;

    private Dying() {}

    // ---- a task that ends its worker

    /** One of a hundred tasks ends its process: when it is known to have failed, and how many others fail. */
    static void death(Measurement measurement) throws Exception {
        int times = measurement.size(5);
        int[] othersFailed = new int[1];
        try (Heddle heddle = Heddle.builder(Model.PROCESS)
                .processors(WORKERS)
                .workerOutput((worker, line) -> {}) // a JVM that crashes has much to say
                .open()) {
            SharedLongs at = heddle.sharedLongs(1);
            measurement.report("death-halt", worst(times, heddle, at, othersFailed, () -> halt(at)));
            measurement.report("death-kill-9", worst(times, heddle, at, othersFailed, () -> signal("KILL", at)));
            measurement.report("death-crash", worst(times, heddle, at, othersFailed, () -> signal("SEGV", at)));
        }
        measurement.report("death-others", othersFailed[0]);
    }

    static void halt(SharedLongs at) {
        at.set(0, System.nanoTime());
        Runtime.getRuntime().halt(1);
    }

    static void signal(String name, SharedLongs at) throws IOException, InterruptedException {
        String pid = Long.toString(ProcessHandle.current().pid());
        at.set(0, System.nanoTime());
        new ProcessBuilder("kill", "-" + name, pid).start().waitFor();
        Thread.sleep(TimeUnit.SECONDS.toMillis(Measurement.CUT_OFF_SECONDS)); // it takes the JVM a while to crash
    }

    private static double worst(int times, Heddle heddle, SharedLongs at, int[] othersFailed, Action deadly)
            throws InterruptedException, IOException {
        double worst = 0;
        for (int i = 0; i < times; i++) {
            List<Task<Integer>> others = new ArrayList<>();
            others.addAll(start(heddle, VICTIM));
            Task<?> victim = heddle.start(deadly);
            others.addAll(start(heddle, TASKS - 1 - VICTIM));
            worst = Math.max(worst, nanosToFailure(victim, at) / 1e6);
            others.stream().filter(Dying::hasFailed).forEach(other -> othersFailed[0]++);
        }
        return worst;
    }

    private static List<Task<Integer>> start(Heddle heddle, int howMany) {
        return Stream.generate(() -> heddle.start(() -> 0)).limit(howMany).toList();
    }

    /** {@return from the last thing that the task did} The clock is the same in all processes of a machine. */
    private static long nanosToFailure(Task<?> victim, SharedLongs at) throws InterruptedException, IOException {
        try {
            victim.join();
        } catch (TaskFailedException e) {
            long time = System.nanoTime() - at.get(0);
            if (e.getCause() instanceof WorkerDiedException death) {
                Files.deleteIfExists(
                        Path.of(System.getProperty("java.io.tmpdir"), "heddle_hs_err_pid" + death.pid() + ".log"));
                return time;
            }
            throw e;
        }
        throw new IllegalStateException("the task has survived its process");
    }

    private static boolean hasFailed(Task<Integer> task) {
        try {
            return task.join() != 0;
        } catch (TaskFailedException e) {
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- the parent is killed

    /** Opens a heddle whose tasks never end, and which nobody closes. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] args) throws Exception {
            Heddle heddle = Pooling.workers(WORKERS);
            Channel<Long> pids = heddle.channel(WORKERS);
            for (int i = 0; i < WORKERS; i++) {
                heddle.start(() -> {
                    pids.send(ProcessHandle.current().pid());
                    while (true) {
                        Thread.onSpinWait();
                    }
                });
            }
            for (int i = 0; i < WORKERS; i++) {
                System.out.println(pids.receive());
            }
            Thread.sleep(TimeUnit.MINUTES.toMillis(1)); // by then it is dead
        }
    }

    /** A parent with two busy workers is killed: when the last of them is gone, and how many files stay. */
    static void orphans(Measurement measurement) throws Exception {
        double worst = 0;
        int files = 0;
        for (int i = measurement.size(5); i > 0; i--) {
            Process parent = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Parent.class.getName())
                    .redirectError(Redirect.INHERIT)
                    .start();
            List<ProcessHandle> workers = new ArrayList<>();
            try (BufferedReader out = parent.inputReader()) {
                for (int worker = 0; worker < WORKERS; worker++) {
                    workers.add(ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow());
                }
                long start = System.nanoTime();
                parent.toHandle().destroyForcibly();
                worst = Math.max(worst, untilGone(workers, start));
            } finally {
                parent.destroyForcibly();
                workers.forEach(ProcessHandle::destroyForcibly);
            }
            files += filesOf(parent.pid());
        }
        measurement.report("orphans-gone", worst);
        measurement.report("orphans-files", files);
    }

    private static double untilGone(List<ProcessHandle> workers, long start) throws InterruptedException {
        while (workers.stream().anyMatch(Dying::runs)) {
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(Measurement.CUT_OFF_SECONDS)) {
                return Measurement.NEVER;
            }
            Thread.sleep(1);
        }
        return (System.nanoTime() - start) / 1e6;
    }

    /**
     * {@return whether a process has not ended} One that has, and whose parent is dead, stays in the table of processes until
     * the first process of the system collects it; some of those look only every two seconds.
     */
    private static boolean runs(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return process.isAlive() && state != 'Z' && state != 'X';
        } catch (IOException e) {
            return false; // there is none of that number any more
        }
    }

    private static int filesOf(long parent) throws IOException {
        String name = "heddle-" + parent + "-";
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(name))
                    .toList()
                    .size();
        }
    }
}
