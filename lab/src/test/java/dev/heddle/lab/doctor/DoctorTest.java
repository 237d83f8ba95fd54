package dev.heddle.lab.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.lab.doctor.Check.Grade;
import dev.heddle.lab.peer.Language;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorTest {
    @ParameterizedTest
    @CsvSource({
        "24.0.2, FAIL, JDK 25",
        "25, WARN, JDK-8369227",
        "25.0.2, WARN, JDK-8373120",
        "25.0.3, WARN, JDK-8373120",
        "25.0.4, OK, 25.0.4",
        "26.0.1, OK, 26",
    })
    void aJdkWithKnownBugsIsNamed(String version, Grade grade, String says) {
        Check check = Doctor.jdk(Runtime.Version.parse(version));
        assertThat(check.grade()).isEqualTo(grade);
        assertThat(check.found() + check.mend()).contains(says);
    }

    @Test
    void aBugThatIsMendedIsNotNamed() {
        assertThat(Doctor.jdk(Runtime.Version.parse("25.0.3")).found()).doesNotContain("JDK-8369227");
    }

    @Test
    void oneCpuIsTooFew() {
        assertThat(Doctor.cpus(1).grade()).isEqualTo(Grade.WARN);
        assertThat(Doctor.cpus(2).grade()).isEqualTo(Grade.OK);
    }

    @Test
    void whateverIsNotWellComesWithItsMend() {
        assertThat(Doctor.examine())
                .allSatisfy(check -> assertThat(check.mend().isEmpty()).isEqualTo(check.grade() == Grade.OK));
    }

    @Test
    void aToolForPeersThatIsMissingIsNamedWithItsPackage() {
        Check missing = Doctor.peers(Language.GO, "/nowhere");
        assertThat(missing.grade()).isEqualTo(Check.Grade.WARN);
        assertThat(missing.mend()).contains("golang-go");
    }
}
