package dev.heddle.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A shape and the table agree on the rows; how fast anything is, is no test. */
class ShapeTest {
    /** All that Heddle and its peers of this JVM do, but for the JDK's scheduler, which some shapes bring to a stand. */
    static Stream<Arguments> all() {
        return Arrays.stream(Table.values())
                .flatMap(table -> table.competitors().stream()
                        .filter(competitor ->
                                Set.of(Competitor.HEDDLE, Competitor.JOX).contains(competitor))
                        .flatMap(competitor -> table.shapes().stream()
                                .filter(shape -> !shape.absent().contains(competitor))
                                .map(shape -> Arguments.of(shape.name(), competitor.toString(), shape))));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("all")
    void aShapeReportsEachOfItsRowsOnce(String name, String competitor, Shape shape) throws Exception {
        List<String> reported = new ArrayList<>();
        try (Tasks tasks = Tasks.open(competitor, shape.processors())) {
            shape.body().run(tasks, new Measurement(true, (row, value) -> reported.add(row)));
        }

        assertThat(reported)
                .containsExactlyInAnyOrderElementsOf(
                        shape.rows().stream().map(Row::name).toList());
    }
}
