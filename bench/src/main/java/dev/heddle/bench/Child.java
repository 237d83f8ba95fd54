package dev.heddle.bench;

import java.util.Arrays;

/**
 * The process that measures one shape for one of the competitors that this source runs, and prints a line for each row: its name, a
 * blank, its number. {@code bench/go} does the same for Go, and {@code Coroutines.kt} for Kotlin.
 */
final class Child {
    private Child() {}

    /**
     * @param args the competitor or {@code floor}, the shape, and {@code full} or {@code smoke}
     */
    public static void main(String[] args) throws Exception {
        Shape shape = Arrays.stream(Table.values())
                .flatMap(table -> table.shapes().stream())
                .filter(s -> s.name().equals(args[1]))
                .findFirst()
                .orElseThrow();
        try (Tasks tasks = Tasks.open(args[0], shape.processors())) {
            shape.body()
                    .run(
                            tasks,
                            new Measurement(
                                    args[2].equals("smoke"), (row, value) -> System.out.println(row + " " + value)));
        }
    }
}
