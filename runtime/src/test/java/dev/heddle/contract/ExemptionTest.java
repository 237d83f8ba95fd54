package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The list of exemptions holds what the suite needs, and no more. */
class ExemptionTest {
    @Test
    void noneIsUnused() {
        JavaClass exemptions = new ClassFileImporter()
                .importPackages(Exemption.class.getPackageName())
                .get(Exemption.class);
        Set<String> used = exemptions.getFieldAccessesToSelf().stream()
                .filter(access -> ContractTest.class.isAssignableFrom(
                        access.getOriginOwner().reflect()))
                .map(JavaFieldAccess::getTarget)
                .map(field -> field.getName())
                .collect(Collectors.toSet());
        for (Exemption exemption : Exemption.values()) {
            assertThat(used).as("exemptions that a contract test asks for").contains(exemption.name());
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachSaysWhyAndLeavesSomebodyToHoldTheContract(Exemption exemption) {
        assertThat(exemption.reason()).matches("[A-Z].{20,}\\.");
        assertThat(exemption.subjects()).isNotEmpty().hasSizeLessThan(Subject.values().length);
    }
}
