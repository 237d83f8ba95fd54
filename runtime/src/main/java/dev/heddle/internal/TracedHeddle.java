package dev.heddle.internal;

import dev.heddle.Model;
import dev.heddle.internal.trace.Traced;
import dev.heddle.internal.trace.WorkerEvents;
import dev.heddle.internal.vthread.VirtualThreads;
import java.util.List;
import java.util.function.BiConsumer;

/** A heddle, as whoever records its events sees it. */
record TracedHeddle(HeddleCore heddle) implements Traced {
    @Override
    public Model model() {
        return heddle.model();
    }

    @Override
    public String laneName(int lane) {
        return heddle.laneName(lane);
    }

    @Override
    public void forEachBegun(BiConsumer<Long, Long> to) {
        for (TaskCore<?> task : heddle.liveTasks()) {
            Thread thread = task.runner();
            if (thread != null) {
                to.accept(thread.threadId(), task.id());
            }
        }
    }

    @Override
    public List<Long> pollers() {
        return VirtualThreads.pollers();
    }

    @Override
    public List<WorkerEvents> ofWorkers() {
        return heddle.eventsOfWorkers();
    }
}
