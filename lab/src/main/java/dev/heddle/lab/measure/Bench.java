package dev.heddle.lab.measure;

import dev.heddle.Heddle;
import dev.heddle.HeddleBuilder;
import dev.heddle.TaskFailedException;
import dev.heddle.WorkerDiedException;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Queues;
import dev.heddle.lab.UsageException;
import dev.heddle.lab.Workload;
import dev.heddle.lab.WrongResultException;
import dev.heddle.lab.measure.MeasureException.Kind;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The runner's side of a row: a workload, and an open heddle of the row's model. It stays from repetition to
 * repetition, so that code and workers are warm, and works on one thread, which owns the heddle, as FIBER asks for.
 *
 * <p>Reached by its number through static methods, since a job brings nothing along that stays in the runner's JVM.
 */
final class Bench {
    private static final Map<Long, Bench> BENCHES = new ConcurrentHashMap<>();

    /** How many causes are looked through for one that says why. */
    private static final int CAUSES = 8;

    private static final Pattern NOT_OWN = Pattern.compile(
            "(java|javax|jdk|sun)\\.|dev\\.heddle\\.([A-Z]|internal\\.|lab\\.measure\\.(Bench|Runner)\\b)");

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("bench").factory());
    private final Workload workload;
    private final Args args;
    private final long lockNanos;
    private @Nullable Heddle heddle;

    private Bench(Workload workload, Args args, long lockNanos) {
        this.workload = workload;
        this.args = args;
        this.lockNanos = lockNanos;
    }

    // ---- what the runner's jobs call

    static Reply open(long number, Spec spec) {
        return answer(() -> {
            Bench bench = new Bench(load(spec.workload()), new Args(spec.args()), spec.lockNanos());
            BENCHES.put(number, bench);
            return bench.onThread(() -> {
                Heddle opened;
                try {
                    HeddleBuilder builder = Heddle.builder(spec.model())
                            .processors(spec.processors())
                            .workerJvmFlags(spec.jvmFlags().toArray(String[]::new));
                    if (spec.lockNanos() > 0) {
                        builder.globalLock(Duration.ofNanos(spec.lockNanos()));
                    }
                    opened = builder.open();
                } catch (IllegalStateException e) {
                    return new Reply.Failed(Kind.UNAVAILABLE, message(e), "");
                }
                bench.heddle = opened;
                Jvm jvm = opened.start(Jvm::current).join();
                return new Reply.Opened(
                        bench.require(bench.workload.name(), "name()"),
                        bench.require(bench.workload.describe(), "describe()"),
                        jvm,
                        ProcessHandle.current().pid());
            });
        });
    }

    static Reply measure(long number) {
        return answer(() -> {
            Bench bench = BENCHES.get(number);
            return bench == null ? new Reply.Replaced() : bench.onThread(() -> new Reply.Measured(bench.measure()));
        });
    }

    static Reply close(long number) {
        return answer(() -> {
            Bench bench = BENCHES.remove(number);
            if (bench == null) {
                return new Reply.Replaced();
            }
            return bench.onThread(() -> {
                if (bench.heddle != null) {
                    bench.heddle.close();
                }
                return new Reply.Closed();
            });
        });
    }

    // ---- the work

    private Sample measure() throws Exception {
        Heddle h = heddle;
        if (h == null) {
            throw new IllegalStateException("the heddle is not open");
        }
        if (!ProcFs.PRESENT) {
            long start = System.nanoTime();
            Outcome outcome = workload.run(h, args);
            long nanos = System.nanoTime() - start;
            return sample(
                    nanos, require(outcome, "run()"), new Meter.Reading(-1, -1, -1, -1, -1, 0, 0), Scheduling.UNKNOWN);
        }
        SchedulingWatch watch = new SchedulingWatch(h, Queues.begin(), lockNanos);
        try {
            Meter meter = Meter.start(watch::look);
            Outcome outcome;
            long nanos;
            Meter.Reading reading;
            try {
                long start = System.nanoTime();
                outcome = workload.run(h, args);
                nanos = System.nanoTime() - start;
            } finally {
                reading = meter.stop();
            }
            return sample(nanos, require(outcome, "run()"), reading, watch.result(reading.forcedSwitches()));
        } finally {
            Queues.end();
        }
    }

    /** Whoever writes a workload may forget what the compiler does not ask for. */
    private <T> T require(@Nullable T value, String method) {
        if (value == null) {
            throw new UsageException(workload.getClass().getName() + "." + method
                    + " returned null: a workload returns something from it, see " + Workload.class.getName());
        }
        return value;
    }

    private static Sample sample(long nanos, Outcome outcome, Meter.Reading reading, Scheduling scheduling) {
        return new Sample(
                nanos,
                reading.cpuNanos(),
                reading.switches(),
                reading.peakRssBytes(),
                reading.osThreads(),
                reading.foreignNanos(),
                reading.capacityNanos(),
                outcome.facts(),
                new Latencies(outcome.latencies()),
                scheduling);
    }

    private static Workload load(String className) {
        Class<?> type;
        try {
            type = Class.forName(className);
        } catch (ClassNotFoundException e) {
            throw new UsageException(
                    "there is no class " + className + " on the class path: name its jar or folder with"
                            + " --class-path",
                    e);
        }
        try {
            return type.asSubclass(Workload.class).getConstructor().newInstance();
        } catch (ClassCastException | ReflectiveOperationException e) {
            Throwable why = e instanceof InvocationTargetException && e.getCause() != null ? e.getCause() : e;
            throw new UsageException(
                    className + " cannot be used: a workload is a public class with a public constructor"
                            + " without parameters that implements " + Workload.class.getName() + " (" + why + ")",
                    e);
        }
    }

    // ---- answering

    private <T> T onThread(Callable<T> work) throws Exception {
        try {
            return thread.submit(work).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private static Reply answer(Callable<Reply> work) {
        try {
            return work.call();
        } catch (Throwable t) { // also an Error of a user's class has to be reported
            return failed(t);
        }
    }

    /** The workload's own exceptions may have been thrown by a task, and then they are a cause. */
    private static Reply failed(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; i < CAUSES && cause != null; i++, cause = cause.getCause()) {
            switch (cause) {
                case UsageException e -> {
                    return new Reply.Failed(Kind.USAGE, message(e), "");
                }
                case WrongResultException e -> {
                    return new Reply.Failed(Kind.WRONG_RESULT, message(e), "");
                }
                case WorkerDiedException e -> {
                    return new Reply.Failed(Kind.WORKER_DIED, message(e), "");
                }
                default -> {
                    continue;
                }
            }
        }
        boolean isWrapped = failure instanceof TaskFailedException || failure instanceof ExecutionException;
        Throwable shown = isWrapped && failure.getCause() != null ? failure.getCause() : failure;
        List<StackTraceElement> own = own(shown);
        String place = own.isEmpty() ? "" : " (at " + own.getFirst() + ")";
        return new Reply.Failed(Kind.FAILED, shown + place, trace(shown));
    }

    /** The failure and its causes with the frames of the workload's own code; nothing if one frame is all there is. */
    private static String trace(Throwable failure) {
        StringBuilder trace = new StringBuilder();
        Throwable cause = failure;
        for (int i = 0; i < CAUSES && cause != null; i++, cause = cause.getCause()) {
            List<StackTraceElement> own = own(cause);
            if (i > 0 || own.size() > 1 || cause.getCause() != null) {
                trace.append(i == 0 ? "" : "caused by ").append(cause).append('\n');
                own.forEach(frame -> trace.append("    at ").append(frame).append('\n'));
            }
        }
        return trace.toString();
    }

    /** The frames without those of the JDK, of the runtime and of ours: how a workload was called is none of its author's business. */
    private static List<StackTraceElement> own(Throwable failure) {
        return Arrays.stream(failure.getStackTrace())
                .filter(frame -> !NOT_OWN.matcher(frame.getClassName()).lookingAt())
                .toList();
    }

    private static String message(Throwable t) {
        return t.getMessage() == null ? t.toString() : t.getMessage();
    }
}
