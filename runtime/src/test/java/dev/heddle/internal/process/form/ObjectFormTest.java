package dev.heddle.internal.process.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Job;
import dev.heddle.NotTransferableException;
import dev.heddle.internal.process.form.Payload.Role;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is described by its name only comes back as what it was. */
@SuppressWarnings("serial") // a job here may name what only this package sees
class ObjectFormTest {
    enum Colour {
        RED,
        GREEN {
            @Override
            public String toString() {
                return "green";
            }
        }
    }

    record Box(String name, Object content) implements Serializable {}

    static Stream<Object> objects() {
        return Stream.of(
                Colour.RED,
                Colour.GREEN,
                int.class,
                void.class,
                String[].class,
                Colour.class,
                ObjectFormTest.class, // not serializable, which its class object is all the same
                new Box("a", new Box("b", List.of(1, 2L, "c", 'd'))),
                new ArrayList<>(List.of(1, 2, 3)),
                new TreeMap<>(Map.of("x", Colour.RED)),
                List.of(List.of(), Map.of()));
    }

    @ParameterizedTest
    @MethodSource("objects")
    void comesBackAsItWas(Object object) {
        byte[] bytes = Payload.write(object, Role.RESULT);
        assertThat(Payload.read(bytes, Role.RESULT, true)).isEqualTo(object);
        assertThat(Payload.read(bytes, Role.RESULT, false)).isEqualTo(object);
    }

    @Test
    void aLambdaKeepsWhatItHasCaptured() throws Exception {
        int[] captured = {1, 2, 3};
        Job<Integer> job = () -> captured[2];
        Job<?> copy = (Job<?>) Payload.read(Payload.write(job, Role.JOB), Role.JOB, true);
        assertThat(copy.call()).isEqualTo(3);
    }

    @Test
    void aClassWithAnotherFormIsRefused() {
        byte[] bytes = Payload.write(new Box("a", 1), Role.RESULT);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int form = text.indexOf(Box.class.getName()) + Box.class.getName().length();
        bytes[form]++;
        assertThatThrownBy(() -> Payload.read(bytes, Role.RESULT, true))
                .isInstanceOf(NotTransferableException.class)
                .hasMessageContaining(Box.class.getName())
                .hasMessageContaining("it has other fields than where it was written");
    }
}
