package dev.heddle.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A shape and the table agree on the rows; how fast anything is, is no test. */
class ShapeTest {
    static Stream<Named<Shape>> all() {
        return Arrays.stream(Table.values())
                .flatMap(table -> table.shapes().stream())
                .map(shape -> Named.of(shape.name(), shape));
    }

    @ParameterizedTest
    @MethodSource("all")
    void aShapeReportsEachOfItsRowsOnce(Shape shape) throws Exception {
        List<String> reported = new ArrayList<>();
        try (Tasks tasks = Tasks.open("heddle", shape.processors())) {
            shape.body().run(tasks, new Measurement(true, (row, value) -> reported.add(row)));
        }

        assertThat(reported)
                .containsExactlyInAnyOrderElementsOf(
                        shape.rows().stream().map(Row::name).toList());
    }
}
