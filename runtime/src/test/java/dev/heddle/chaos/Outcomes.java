package dev.heddle.chaos;

import dev.heddle.NotTransferableException;
import dev.heddle.TaskOptions;
import dev.heddle.WorkerDiedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;

/** How a task may end other than with its value. */
final class Outcomes {
    /** Signals that are nobody's own doing, see ADR 0016. */
    private static final Set<Integer> FROM_OUTSIDE = Set.of(1, 2, 9, 15);

    private static final int POISON = 2;

    private final Killer killer;

    Outcomes(Killer killer) {
        this.killer = killer;
    }

    /** {@return the end in words} */
    String cancelled(boolean byTest, CancellationException e) {
        if (!byTest) {
            throw new AssertionError("a task was cancelled, but not by the test", e);
        }
        return "by a cancel or kill";
    }

    /** {@return the end in words} */
    String failed(TaskOptions options, Throwable cause) {
        return switch (cause) {
            case WorkerDiedException death -> {
                check(options, death);
                yield "with a WorkerDiedException";
            }
            case TimeoutException e -> "by its time limit";
            case OutOfMemoryError e -> "for lack of memory";
            case NotTransferableException e when e.getCause() instanceof OutOfMemoryError -> "for lack of memory";
            case IllegalStateException e
            when e.getMessage().contains("can start no workers") && killer.hasKilledYoung() ->
                "since no worker could be started";
            default -> throw new AssertionError("a task failed of something else", cause);
        };
    }

    private static void check(TaskOptions options, WorkerDiedException death) {
        List<WorkerDiedException> deaths = new ArrayList<>();
        Arrays.stream(death.getSuppressed()).forEach(before -> deaths.add((WorkerDiedException) before));
        deaths.add(death);
        long ownDoing = deaths.stream()
                .filter(d -> d.signal().isEmpty()
                        || !FROM_OUTSIDE.contains(d.signal().getAsInt()))
                .count();
        if (deaths.size() > options.retries() + 1
                || (deaths.size() <= options.retries() && ownDoing < POISON)
                || death.taskId() == 0
                || death.pid() == 0) {
            throw new AssertionError("with " + options + " there were these deaths: " + deaths, death);
        }
    }
}
