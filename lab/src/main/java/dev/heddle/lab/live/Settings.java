package dev.heddle.lab.live;

import dev.heddle.Model;
import java.util.List;

/**
 * What the controls are set to.
 *
 * @param model of the heddle
 * @param processors of the heddle
 * @param tasks that take part
 * @param cpu part of a round that is computing, in percent
 * @param lockMillis the interval of the global lock, or 0 for none
 */
record Settings(Model model, int processors, int tasks, int cpu, int lockMillis) {
    /** {@return what a page begins with} */
    static Settings first() {
        return new Settings(Model.GREEN, Math.min(Runtime.getRuntime().availableProcessors(), 64), 20, 50, 0);
    }

    /** {@return what they are after a control was moved} */
    Settings with(Control control) {
        int value = control.value();
        return switch (control.verb()) {
            case MODEL -> new Settings(List.of(Model.values()).get(value), processors, tasks, cpu, lockMillis);
            case PROCESSORS -> new Settings(model, value, tasks, cpu, lockMillis);
            case TASKS -> new Settings(model, processors, value, cpu, lockMillis);
            case CPU -> new Settings(model, processors, tasks, value, lockMillis);
            case LOCK -> new Settings(model, processors, tasks, cpu, value);
            case HOG, BLOCK, KILL -> this;
        };
    }
}
