package dev.heddle.lab.measure;

import dev.heddle.Model;
import java.io.Serializable;
import java.util.List;

/**
 * What one row of a table measures.
 *
 * @param workload the name of the class that implements it
 * @param args its arguments
 * @param model the model
 * @param processors how many processors to open the heddle with
 * @param jvmFlags flags of the runner and of the heddle's workers
 * @param lockNanos the switch interval of the heddle's global lock; 0 for no global lock
 */
public record Spec(
        String workload, List<String> args, Model model, int processors, List<String> jvmFlags, long lockNanos)
        implements Serializable {
    /**
     * @param args copied
     * @param jvmFlags copied
     * @param lockNanos as it is
     */
    public Spec {
        args = List.copyOf(args);
        jvmFlags = List.copyOf(jvmFlags);
    }

    /**
     * @param cpus of the machine
     * @return how many of them its threads may use: the number of processors, but under PROCESS all
     */
    public int confinedTo(int cpus) {
        return model == Model.PROCESS ? cpus : Math.min(processors, cpus);
    }

    /**
     * Without a global lock.
     *
     * @param workload the name of the class that implements it
     * @param args its arguments
     * @param model the model
     * @param processors how many processors to open the heddle with
     * @param jvmFlags flags of the runner and of the heddle's workers
     */
    public Spec(String workload, List<String> args, Model model, int processors, List<String> jvmFlags) {
        this(workload, args, model, processors, jvmFlags, 0);
    }
}
