package dev.heddle.internal;

import dev.heddle.Model;
import dev.heddle.Stats;
import dev.heddle.Task;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A heddle whose tasks run when and where the test says. */
final class ManualHeddle extends HeddleCore {
    /** A failure of which the uncaught handler was told. */
    record Told(Task<?> task, Throwable failure) {}

    final Queue<TaskCore<?>> launched;
    final Queue<Told> told;
    final AtomicInteger releases = new AtomicInteger();

    /** Called for each launch. */
    Consumer<TaskCore<?>> onLaunch = task -> {};

    ManualHeddle() {
        this(new ConcurrentLinkedQueue<>());
    }

    private ManualHeddle(Queue<Told> told) {
        super(TestOptions.of(
                Model.THREAD, "manual", 1, (task, failure) -> told.add(new Told(task, failure)), Seams.SYSTEM));
        this.told = told;
        this.launched = new ConcurrentLinkedQueue<>();
    }

    @Override
    protected void launch(TaskCore<?> task) {
        onLaunch.accept(task);
        launched.add(task);
    }

    @Override
    public int processors() {
        return 1;
    }

    @Override
    protected int resize(int n) {
        return 1;
    }

    @Override
    protected String laneName(int lane) {
        return "lane " + lane;
    }

    @Override
    protected void release() {
        releases.incrementAndGet();
    }

    long live() {
        return liveCount();
    }

    List<TaskCore<?>> tasks() {
        return liveTasks();
    }

    @Override
    public Stats stats() {
        return stats(0, 0, 0, 0, 0, 0, 0, dev.heddle.WaitHistogram.NONE);
    }
}
