package dev.heddle.internal.process;

import dev.heddle.internal.TaskCore;
import dev.heddle.internal.process.link.BegunCount;
import dev.heddle.internal.process.link.CorruptFrameException;
import dev.heddle.internal.process.link.Link;
import dev.heddle.internal.process.link.Message.Run;
import dev.heddle.internal.process.worker.WorkerMain;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * The tasks that a worker was given and has not ended: the one that it runs, and some ahead, with which it goes on by itself.
 *
 * <p>Problem: a small task takes less time than to tell the parent of its end and to wake the worker for the next. So a worker
 * is given some ahead, as many as should take it a millisecond. But if one takes long, those behind it must be able to run elsewhere;
 * a task that is cancelled before it has begun must never run; and when a worker dies, it must be known which one it was
 * running. Rejected: to ask the worker to give tasks back, since it may be busy, stopped or dead. Approach: a {@link BegunCount}
 * decides for each task whether it is begun or taken back.
 *
 * <p>A worker begins a task only after the result of the one before is in the ring. So if its ring is read to the end and it is dead,
 * it had begun one of the tasks that are here, or none.
 *
 * <p>Guarded by the lock of the {@link Worker}.
 */
final class GivenTasks {
    /** For how long those ahead should keep the worker busy, and how long it may take to end one before they are taken back. */
    static final long AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final int AHEAD_MAX = 32;

    private record Given(long number, Entry entry) {}

    private final Deque<Given> given = new ArrayDeque<>();

    /** The number of the task that will be given next. 0 is the {@linkplain WorkerMain#firstTask first}, with which nobody reckons. */
    private long next = 1;

    /** How long the worker's tasks take, about. */
    private long pace = 2 * AHEAD_NANOS;

    /** When it last ended a task, or was given one while it had none, in {@link System#nanoTime}. */
    private long lastEnd;

    void give(Entry entry, Link to) {
        if (given.isEmpty()) {
            lastEnd = System.nanoTime();
        }
        given.add(new Given(next, entry));
        to.send(new Run(entry.task().id(), next, entry.job()));
        next++;
    }

    int size() {
        return given.size();
    }

    boolean isEmpty() {
        return given.isEmpty();
    }

    boolean has(TaskCore<?> task) {
        return given.stream().anyMatch(g -> g.entry.task() == task);
    }

    /** {@return whether there is another before it} */
    boolean isAhead(TaskCore<?> task) {
        return has(task) && given.getFirst().entry.task() != task;
    }

    /** {@return whether it is the one that was given last, and has not been taken back} */
    boolean isLast(TaskCore<?> task) {
        Given last = given.peekLast();
        return last != null && last.entry.task() == task;
    }

    /** {@return how many tasks the worker may have ahead} */
    int mostAhead() {
        return (int) Math.min(AHEAD_MAX, AHEAD_NANOS / pace);
    }

    /** {@return whether there are tasks ahead, and the one before them takes long} */
    boolean isLate() {
        return given.size() > 1 && System.nanoTime() - lastEnd > AHEAD_NANOS;
    }

    /**
     * {@return the task that the worker says it runs}
     *
     * @param task its id
     * @throws CorruptFrameException if it does not run that
     */
    Entry running(long task) {
        Given first = given.peek();
        if (first == null || first.entry.task().id() != task) {
            throw new CorruptFrameException("news of task " + task + ", which it was not running");
        }
        return first.entry;
    }

    /**
     * The worker has ended a task.
     *
     * @param task its id
     * @throws CorruptFrameException if it was not running that
     */
    Entry ended(long task) {
        Entry ended = running(task);
        given.remove();
        long now = System.nanoTime();
        pace = Math.max(1, (3 * pace + (now - lastEnd)) / 4); // of some, since several results may have come at once
        lastEnd = now;
        return ended;
    }

    /** {@return the tasks that the worker has not begun, in order, and now never will} */
    Deque<Entry> takeBack(BegunCount count) {
        pace = 2 * AHEAD_NANOS; // what was expected of these, or of the one before them, is not so
        long begun = count.takeBack(next);
        Deque<Entry> back = new ArrayDeque<>();
        while (!given.isEmpty() && given.getLast().number >= begun) {
            back.addFirst(given.removeLast().entry);
        }
        return back;
    }

    /**
     * {@return those that a worker had not begun when it died} If these are all, the first only once.
     *
     * @param count what the worker has left
     * @param innocent whether none of them can be why it died
     */
    Deque<Entry> takeBackFromDead(BegunCount count, boolean innocent) {
        Deque<Entry> back = takeBack(count);
        if (given.isEmpty() && !back.isEmpty()) {
            Entry first = back.removeFirst();
            if (innocent && !first.wasUnread()) {
                back.addFirst(first.unread());
            } else {
                given.add(new Given(next, first));
            }
        }
        return back;
    }

    /** {@return those that a dead worker takes with it} */
    Deque<Entry> lost() {
        Deque<Entry> lost = new ArrayDeque<>();
        given.forEach(g -> lost.add(g.entry));
        given.clear();
        return lost;
    }
}
