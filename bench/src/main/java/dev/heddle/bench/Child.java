package dev.heddle.bench;

import java.util.Arrays;

/**
 * The process that measures one shape for one of the competitors that this source runs, and prints a line for each row: its name, a
 * blank, its number. {@code bench/go} and {@code bench/python} do the same, and {@code Coroutines.kt} for Kotlin.
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
        shape.run(
                args[0],
                new Measurement(args[2].equals("smoke"), (row, value) -> System.out.println(row + " " + value)));
    }
}
