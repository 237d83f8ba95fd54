package dev.heddle.lab.workload;

import dev.heddle.lab.Workload;
import java.util.List;
import java.util.Optional;

/** The built-in workloads, in the order in which they are shown. */
public final class Workloads {
    private Workloads() {}

    /** {@return a new instance of each} */
    public static List<Workload> all() {
        return List.of(new Digest(), new Primes(), new Clients(), new Counter());
    }

    /** {@return a new instance of the workload with this name, if there is one} */
    public static Optional<Workload> named(String name) {
        return all().stream().filter(workload -> workload.name().equals(name)).findFirst();
    }
}
