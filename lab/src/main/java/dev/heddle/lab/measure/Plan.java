package dev.heddle.lab.measure;

import dev.heddle.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What to compare.
 *
 * @param workloads what to run, one after the other
 * @param models under which models
 * @param processors with which numbers of processors; FIBER always has 1
 * @param repeats how many measured repetitions of each row
 * @param seed of the order and of the bootstrap
 * @param classPath where workloads of the user's own are
 * @param jvmFlags flags of the JVMs that are measured, such as {@code -Xmx1g}
 */
public record Plan(
        List<Work> workloads,
        List<Model> models,
        List<Integer> processors,
        int repeats,
        long seed,
        List<Path> classPath,
        List<String> jvmFlags) {
    /**
     * A workload and its arguments.
     *
     * @param className the class that implements it
     * @param args its arguments
     */
    public record Work(String className, List<String> args) {}

    /** {@return the rows of one workload's table, in the order in which they are shown} */
    List<Spec> specs(Work work) {
        List<Spec> specs = new ArrayList<>();
        for (Model model : models) {
            List<Integer> counts = model == Model.FIBER ? List.of(1) : processors;
            for (int count : counts) {
                specs.add(new Spec(work.className(), work.args(), model, count, jvmFlags));
            }
        }
        return specs;
    }
}
