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
 */
public record Spec(String workload, List<String> args, Model model, int processors, List<String> jvmFlags)
        implements Serializable {
    /**
     * @param args copied
     * @param jvmFlags copied
     */
    public Spec {
        args = List.copyOf(args);
        jvmFlags = List.copyOf(jvmFlags);
    }
}
