package dev.heddle.lab.live;

import dev.heddle.Model;
import java.util.List;

/**
 * What the controls are set to.
 *
 * @param model of the heddle
 * @param workload what tasks do
 * @param processors of the heddle
 * @param tasks that take part
 * @param cpu part of a round that is computing, in percent
 * @param lockMillis the interval of the global lock, or 0 for none
 * @param recorded whether what the scheduler does is recorded
 */
record Settings(Model model, WorkKind workload, int processors, int tasks, int cpu, int lockMillis, boolean recorded) {
    /** {@return what a run begins with} */
    static Settings first() {
        int processors = Math.min(Runtime.getRuntime().availableProcessors(), 64);
        return new Settings(Model.GREEN, WorkKind.ROUNDS, processors, WorkKind.ROUNDS.tasks(), 50, 0, false);
    }

    /** {@return what they are after a control was moved} */
    Settings with(Control control) {
        int value = control.value();
        return switch (control.verb()) {
            case MODEL -> under(List.of(Model.values()).get(value));
            case WORKLOAD -> {
                WorkKind kind = List.of(WorkKind.values()).get(value);
                yield new Settings(model, kind, processors, kind.tasks(), cpu, lockMillis, recorded);
            }
            case PROCESSORS -> new Settings(model, workload, value, tasks, cpu, lockMillis, recorded);
            case TASKS -> new Settings(model, workload, processors, value, cpu, lockMillis, recorded);
            case CPU -> new Settings(model, workload, processors, tasks, value, lockMillis, recorded);
            case LOCK -> new Settings(model, workload, processors, tasks, cpu, value, recorded);
            case RECORDING -> new Settings(model, workload, processors, tasks, cpu, lockMillis, value == 1);
            case HOG, BLOCK, KILL, COMPARE -> this;
        };
    }

    /** {@return the same under another model} */
    Settings under(Model other) {
        return new Settings(other, workload, processors, tasks, cpu, lockMillis, recorded);
    }
}
