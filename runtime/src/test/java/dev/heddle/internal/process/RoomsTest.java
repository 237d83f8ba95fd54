package dev.heddle.internal.process;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Of the rooms of PROCESS each knows only those before it, and the pool knows them all. */
class RoomsTest {
    private static final String POOL = RoomsTest.class.getPackageName();

    private static final List<String> ROOMS = Stream.of("link", "form", "channel", "pipe", "worker", "start", "")
            .map(room -> room.isEmpty() ? POOL : POOL + "." + room)
            .toList();

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(POOL);

    @Test
    void allRoomsAreLookedAt() {
        assertThat(CLASSES.stream().map(type -> type.getPackageName()).distinct())
                .containsExactlyInAnyOrderElementsOf(ROOMS);
    }

    @Test
    void eachKnowsOnlyThoseBeforeIt() {
        for (int i = 0; i < ROOMS.size() - 1; i++) {
            noClasses()
                    .that()
                    .resideInAPackage(ROOMS.get(i))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(ROOMS.subList(i + 1, ROOMS.size()).toArray(String[]::new))
                    .check(CLASSES);
        }
    }
}
