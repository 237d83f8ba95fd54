package dev.heddle.lab;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The lab stands on the runtime's public API, and the runtime does not know the lab. */
class LayeringTest {
    private static final JavaClasses HEDDLE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.heddle");

    @Test
    void bothLayersAreLookedAt() {
        assertThat(HEDDLE.stream().map(type -> type.getPackageName())).contains("dev.heddle", "dev.heddle.lab");
    }

    @Test
    void labUsesOnlyThePublicApi() {
        noClasses()
                .that()
                .resideInAPackage("dev.heddle.lab..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.heddle.internal..")
                .because("what the lab cannot do with the public API, a user cannot do either")
                .check(HEDDLE);
    }

    @Test
    void runtimeDoesNotKnowTheLab() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.heddle", "dev.heddle.internal..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.heddle.lab..")
                .check(HEDDLE);
    }
}
