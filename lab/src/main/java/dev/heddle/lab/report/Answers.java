package dev.heddle.lab.report;

import dev.heddle.lab.experiment.Conclusion;
import java.util.List;

/**
 * What {@code heddle answers} has found so far.
 *
 * @param circumstances where and how it was measured
 * @param conclusions one for each experiment that has ended, in the order of the questions
 */
public record Answers(Circumstances circumstances, List<Conclusion> conclusions) {
    /**
     * Where and how it was measured.
     *
     * @param started when, as ISO 8601
     * @param version of Heddle
     * @param machine CPUs, operating system and JDK, on one line
     * @param flags that the user gave to the JVMs that are measured
     * @param size how much was done
     * @param seed of the order and the bootstrap
     */
    public record Circumstances(
            String started, String version, String machine, List<String> flags, String size, long seed) {
        /** {@return all of it on two lines} */
        public List<String> lines() {
            return List.of(
                    machine + " | " + (flags.isEmpty() ? "no flags" : "flags " + String.join(" ", flags)),
                    version + " | seed " + seed + " | size " + size + " | " + started);
        }

        /** {@return what to type to measure an experiment again} */
        String command(Conclusion conclusion) {
            String name = conclusion.experiment().name();
            return (flags.isEmpty() ? "" : "HEDDLE_JAVA_OPTS='" + String.join(" ", flags) + "' ") + "./heddle answers "
                    + (name.contains(" ") ? "'" + name + "'" : name)
                    + (size.equals("full") ? " --full" : size.equals("smallest") ? " --smallest" : "") + " --seed "
                    + seed;
        }
    }
}
