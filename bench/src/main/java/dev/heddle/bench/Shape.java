package dev.heddle.bench;

import java.util.List;
import java.util.Set;

/**
 * A load that competitors are put under.
 *
 * @param name as the command line says it
 * @param absent who has nothing that it could do for the shape
 * @param processors of each competitor; 0 leaves each its default
 * @param jvmFlags of all JVMs
 * @param body what a process of this source does for it
 * @param rows that it gives, each with a number from every process
 */
record Shape(String name, Set<Competitor> absent, int processors, List<String> jvmFlags, Body body, List<Row> rows) {
    /** What a process does for the shape. */
    @FunctionalInterface
    interface Body {
        void run(String competitor, int processors, Measurement measurement) throws Exception;
    }

    /** The same on tasks of the competitor. */
    @FunctionalInterface
    interface OnTasks {
        void run(Tasks tasks, Measurement measurement) throws Exception;
    }

    /** The same where Heddle is the only competitor of this source, and what it measures is how heddles open and close. */
    @FunctionalInterface
    interface Alone {
        void run(Measurement measurement) throws Exception;
    }

    /** A shape of one number: one run of it, repeated until warm and then for the median. */
    @FunctionalInterface
    interface Single {
        double once(Tasks tasks, Measurement measurement) throws Exception;
    }

    /** A shape of one number. */
    static Shape of(Row row, Single single) {
        return of(row.name(), (tasks, m) -> m.report(row.name(), m.median(() -> single.once(tasks, m))), row);
    }

    static Shape of(String name, OnTasks body, Row... rows) {
        return of(name, List.of(rows), (competitor, processors, measurement) -> {
            try (Tasks tasks = Tasks.open(competitor, processors)) {
                body.run(tasks, measurement);
            }
        });
    }

    static Shape alone(String name, Alone body, Row... rows) {
        return of(name, List.of(rows), (competitor, processors, measurement) -> body.run(measurement));
    }

    private static Shape of(String name, List<Row> rows, Body body) {
        return new Shape(name, Set.of(), 0, List.of(), body, rows);
    }

    /**
     * Does what is to be done for the shape in a process.
     *
     * @param competitor as it calls itself
     * @param measurement told of each row's number
     */
    void run(String competitor, Measurement measurement) throws Exception {
        body.run(competitor, processors, measurement);
    }

    Shape on(int howMany) {
        return new Shape(name, absent, howMany, jvmFlags, body, rows);
    }

    Shape with(String... flags) {
        return new Shape(name, absent, processors, List.of(flags), body, rows);
    }

    Shape without(Competitor... who) {
        return new Shape(name, Set.of(who), processors, jvmFlags, body, rows);
    }
}
