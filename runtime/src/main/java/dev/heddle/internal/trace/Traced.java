package dev.heddle.internal.trace;

import dev.heddle.Model;
import java.util.List;
import java.util.function.BiConsumer;

/** A heddle whose events are recorded, as the recorder asks it. */
public interface Traced {
    /** {@return its model} */
    Model model();

    /**
     * {@return what a lane is called}
     *
     * @param lane a number that MOUNT had as detail
     */
    String laneName(int lane);

    /**
     * Tells which threads execute tasks now.
     *
     * @param to called with the ids of a thread and its task
     */
    void forEachBegun(BiConsumer<Long, Long> to);

    /** {@return ids of threads that are no tasks, but wait for sockets for all of them} */
    List<Long> pollers();

    /** {@return what the worker processes have recorded; waits for their answers for a while} */
    default List<WorkerEvents> ofWorkers() {
        return List.of();
    }
}
