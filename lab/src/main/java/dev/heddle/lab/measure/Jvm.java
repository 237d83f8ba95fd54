package dev.heddle.lab.measure;

import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * What about a JVM bears on what is measured in it.
 *
 * @param collector the garbage collector
 * @param flags all flags, those that Heddle itself passes to a worker among them
 */
public record Jvm(String collector, List<String> flags) implements Serializable {
    /** Of a JVM that has not started. */
    public static final Jvm NONE = new Jvm("", List.of());

    /** {@return the flags of this JVM, as HEDDLE_JAVA_OPTS may have set them, that are for those that are measured as well} */
    public static List<String> flagsPassedOn() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("-X"))
                .toList();
    }

    /** {@return this JVM's} */
    static Jvm current() {
        String first = ManagementFactory.getGarbageCollectorMXBeans().getFirst().getName();
        String family = first.split(" ")[0];
        String collector = switch (family) {
            case "Copy", "MarkSweepCompact" -> "Serial";
            case "PS" -> "Parallel";
            default -> family; // G1, ZGC, Shenandoah, Epsilon call themselves by their names
        };
        return new Jvm(
                collector, List.copyOf(ManagementFactory.getRuntimeMXBean().getInputArguments()));
    }
}
