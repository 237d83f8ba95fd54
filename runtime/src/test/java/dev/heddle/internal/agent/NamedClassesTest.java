package dev.heddle.internal.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamedClassesTest {
    private final NamedClasses named = NamedClasses.parse("com.acme.*, org.foo.Bar,Main,dev.heddle.*");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "com/acme/App",
                "com/acme/App$Part",
                "com/acme/deep/er/App",
                "org/foo/Bar",
                "org/foo/Bar$1",
                "Main",
                "dev/heddle/lab/Main"
            })
    void hasWhatIsNamed(String name) {
        assertThat(named.has(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "com/acmes/App",
                "com/acm",
                "org/foo/Bars",
                "org/foo/Baz",
                "Main2",
                "java/lang/String",
                "dev/heddle/Heddle",
                "dev/heddle/Heddle$1",
                "dev/heddle/internal/green/Carrier"
            })
    void hasNothingElseAndNothingOfHeddle(String name) {
        assertThat(named.has(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                ",",
                "com.acme.*,",
                "*",
                "com.*.App",
                "com.acme.**",
                "com/acme/App",
                "com.acme.App!",
                "java.*"
            })
    void whatNamesNoClassIsAnError(String option) {
        assertThatThrownBy(() -> NamedClasses.parse(option))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("-javaagent:heddle.jar");
    }

    @Test
    void saysWhatItWasMadeFrom() {
        assertThat(NamedClasses.parse(named.toString())).isEqualTo(named);
        assertThat(named.and(NamedClasses.parse("Main,org.more")))
                .hasToString("com.acme,org.foo.Bar,Main,dev.heddle,org.more");
    }
}
