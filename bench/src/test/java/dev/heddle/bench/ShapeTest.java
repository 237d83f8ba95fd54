package dev.heddle.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A shape and the table agree on the rows; how fast anything is, is no test. */
class ShapeTest {
    @ParameterizedTest
    @EnumSource
    void aShapeReportsEachOfItsRowsOnce(Shape shape) throws Exception {
        List<String> reported = new ArrayList<>();
        try (Tasks tasks = Tasks.open("heddle", shape.processors())) {
            shape.run(tasks, new Measurement(true, (row, value) -> reported.add(row)));
        }

        assertThat(reported)
                .containsExactlyInAnyOrderElementsOf(
                        shape.rows().stream().map(Row::name).toList());
    }
}
