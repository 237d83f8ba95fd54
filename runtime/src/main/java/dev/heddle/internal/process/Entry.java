package dev.heddle.internal.process;

import dev.heddle.WorkerDiedException;
import dev.heddle.internal.TaskCore;
import java.util.List;
import java.util.stream.Stream;

/**
 * A task to be run by a worker.
 *
 * @param task the task
 * @param job its job as bytes
 * @param wasUnread whether it was next for a worker that died without having begun it
 * @param deaths of the workers that have died running it
 * @param killed how many of these it has killed
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record Entry(TaskCore<?> task, byte[] job, boolean wasUnread, List<WorkerDiedException> deaths, int killed) {
    /** What is larger is not worth being sent twice. */
    private static final int AHEAD_MAX = 4096;

    /** A job that has killed so many workers is poison. */
    private static final int KILLED_MAX = 2;

    Entry(TaskCore<?> task, byte[] job) {
        this(task, job, false, List.of(), 0);
    }

    /** {@return whether the task is now to be run, since nobody has cancelled it} */
    boolean begin() {
        return isBegun() ? task.beginAgain() : task.begin();
    }

    /** {@return whether the task counts as running, so that it must be settled even if it was cancelled} */
    boolean isBegun() {
        return !deaths.isEmpty();
    }

    /** {@return whether the task waits for a worker again, after one was given it that has not begun it} If not, settle it. */
    boolean putBack() {
        task.attemptEnded();
        return isBegun() ? !task.isDone() : task.putBack();
    }

    /** {@return whether it may be given to a worker that has not ended the task before} */
    boolean mayGoAhead() {
        return job.length <= AHEAD_MAX && !task.hasOptions();
    }

    /** {@return this, after a worker has died for which it was next} */
    Entry unread() {
        return new Entry(task, job, true, deaths, killed);
    }

    /** {@return this, after a worker has died running it} */
    Entry after(DeathReport report) {
        task.attemptEnded();
        int attempt = deaths.size() + 1;
        int killedNow = killed + (report.isOwnDoing() ? 1 : 0);
        String note = "";
        if (task.retries() > 0) {
            note = "; this was attempt " + attempt;
            if (killedNow >= KILLED_MAX) {
                note += ", and a job that has killed " + KILLED_MAX + " workers is not tried again";
            } else if (attempt > task.retries()) {
                note += ", and TaskOptions.retries(" + task.retries() + ") allows no more";
            }
        }
        Stream<WorkerDiedException> all = Stream.concat(deaths.stream(), Stream.of(report.failure(task, note)));
        return new Entry(task, job, wasUnread, all.toList(), killedNow);
    }

    /** {@return the last death, which tells of those before it} */
    WorkerDiedException failure() {
        WorkerDiedException last = deaths.getLast();
        deaths.stream().filter(death -> death != last).forEach(last::addSuppressed);
        return last;
    }

    /** {@return whether it is to be given to another worker after the last death} */
    boolean isToBeRetried() {
        return !task.isDone() && deaths.size() <= task.retries() && killed < KILLED_MAX;
    }
}
