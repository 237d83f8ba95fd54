package dev.heddle.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A shape and the table agree on the rows; how fast anything is, is no test. */
class ShapeTest {
    /** All that runs in a JVM, but for the JDK's scheduler, which some shapes bring to a stand. */
    static Stream<Arguments> all() {
        return Arrays.stream(Table.values())
                .flatMap(table -> table.competitors().stream()
                        .filter(competitor -> !competitor.isProgram() && competitor != Competitor.JDK)
                        .flatMap(competitor -> table.shapes().stream()
                                .filter(shape -> !shape.absent().contains(competitor))
                                .map(shape -> Arguments.of(shape.name(), competitor, shape))));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("all")
    void aShapeReportsEachOfItsRowsOnce(String name, Competitor competitor, Shape shape) throws Exception {
        List<String> reported = new ArrayList<>();
        Measurement measurement = new Measurement(true, (row, value) -> reported.add(row));
        if (competitor == Competitor.KOTLIN) {
            CoroutinesKt.runShape(shape.name(), measurement);
        } else {
            shape.run(competitor.toString(), measurement);
        }

        assertThat(reported)
                .containsExactlyInAnyOrderElementsOf(
                        shape.rows().stream().map(Row::name).toList());
    }

    @ParameterizedTest
    @EnumSource
    void aBarIsOfAPeerThatTakesPart(Table table) {
        for (Shape shape : table.shapes()) {
            for (Row row : shape.rows()) {
                for (Competitor peer : row.mostOf().keySet()) {
                    assertThat(peer).isIn(table.competitors()).isNotIn(shape.absent());
                }
            }
        }
    }
}
