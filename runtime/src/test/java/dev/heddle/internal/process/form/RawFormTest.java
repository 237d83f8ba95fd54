package dev.heddle.internal.process.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.NotTransferableException;
import dev.heddle.internal.process.form.Payload.Role;
import dev.heddle.testing.HeddleTest;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What crosses as plain data arrives as it was, and what only looks like plain data does not cross as such. */
class RawFormTest extends HeddleTest {
    private record Point(int x, int y) implements Serializable {}

    private record All(boolean a, byte b, short c, char d, int e, long f, float g, double h) implements Serializable {}

    private record Empty() implements Serializable {}

    private record Even(int n) implements Serializable {
        Even {
            if (n % 2 != 0) {
                throw new IllegalArgumentException(n + " is odd");
            }
        }
    }

    /** Its accessor says something else than it holds. */
    private record Shy(int n) implements Serializable {
        @Override
        public int n() {
            return 0;
        }

        int really() {
            return n;
        }
    }

    private record Named(String name, int n) implements Serializable {}

    private record Replaced(int n) implements Serializable {
        private Object writeReplace() {
            return "replaced " + n;
        }
    }

    private record Resolved(int n) implements Serializable {
        private Object readResolve() {
            return "resolved " + n;
        }
    }

    private record NotSerializable(int n) {}

    static Stream<Object> plain() {
        return Stream.of(
                "",
                "text",
                "\0\u00ff",
                "\u0100 and \ud83e\uddf5 and \ud800 alone",
                true,
                false,
                (byte) -1,
                Short.MIN_VALUE,
                'x',
                -1,
                Long.MIN_VALUE,
                Float.NaN,
                Double.MIN_VALUE,
                new byte[] {1, 2, 3},
                new byte[0],
                new short[] {-1, 2},
                new char[] {'a', '\uffff'},
                new int[] {Integer.MAX_VALUE, 0, -1},
                new long[] {Long.MAX_VALUE, 1},
                new float[] {1.5f, Float.NEGATIVE_INFINITY},
                new double[] {0.1, -0.0},
                new Point(-1, 1),
                new All(true, (byte) 1, (short) 2, 'c', 4, 5, 6, 7),
                new Empty(),
                new Even(2));
    }

    static Stream<Arguments> others() {
        return Stream.<Object>of(
                        new Named("a", 1),
                        new boolean[] {true, false},
                        new String[] {"a"},
                        List.of(1),
                        Role.JOB,
                        new int[][] {{1}})
                .map(Arguments::of);
    }

    private static @Nullable Object crossed(Object object) {
        return Payload.read(Payload.write(object, Role.ELEMENT), Role.ELEMENT, false);
    }

    @ParameterizedTest
    @MethodSource("plain")
    void plainDataIsRawAndArrives(Object object) {
        byte[] bytes = Payload.write(object, Role.ELEMENT);
        assertThat(RawForm.isRaw(bytes)).isTrue();
        assertThat(Arrays.deepEquals(new Object[] {crossed(object)}, new Object[] {object}))
                .isTrue();
        assertThat(crossed(object)).hasSameClassAs(object);
    }

    @ParameterizedTest
    @MethodSource("others")
    void theRestIsNotAndArrives(Object object) {
        assertThat(RawForm.isRaw(Payload.write(object, Role.ELEMENT))).isFalse();
        assertThat(Arrays.deepEquals(new Object[] {crossed(object)}, new Object[] {object}))
                .isTrue();
    }

    @Test
    void nullIsRaw() {
        byte[] bytes = Payload.write(null, Role.RESULT);
        assertThat(bytes).hasSize(1);
        assertThat(Payload.read(bytes, Role.RESULT, false)).isNull();
    }

    @Test
    void aRecordCrossesByWhatItHolds() {
        Shy crossed = (Shy) crossed(new Shy(7));
        assertThat(crossed.n()).isZero();
        assertThat(crossed.really()).isEqualTo(7);
    }

    @Test
    void aRecordThatDecidesHowItCrossesIsAsked() {
        assertThat(crossed(new Replaced(1))).isEqualTo("replaced 1");
        assertThat(crossed(new Resolved(2))).isEqualTo("resolved 2");
    }

    @Test
    void aRecordThatIsNotSerializableDoesNotCross() {
        assertThatThrownBy(() -> Payload.write(new NotSerializable(1), Role.ELEMENT))
                .isInstanceOf(NotTransferableException.class)
                .hasMessageContaining("NotSerializable");
    }

    @Test
    void aRecordCanRefuseItsValues() {
        byte[] bytes = Payload.write(new Even(2), Role.ELEMENT);
        bytes[bytes.length - 4] = 3; // the lowest byte, or the highest one, of an int: odd on the machines there are
        assertThatThrownBy(() -> Payload.read(bytes, Role.ELEMENT, false))
                .isInstanceOf(NotTransferableException.class)
                .hasMessageContaining("3 is odd");
    }

    @Test
    void whatNobodyWroteIsFound() {
        Random random = new Random(seed());
        List<byte[]> written =
                plain().map(object -> Payload.write(object, Role.ELEMENT)).toList();
        for (int i = 0; i < 100_000; i++) {
            byte[] original = written.get(random.nextInt(written.size()));
            byte[] bytes = Arrays.copyOf(original, random.nextInt(original.length + 9));
            for (int n = random.nextInt(4); n > 0 && bytes.length > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                Object object = Payload.read(bytes, Role.ELEMENT, false);
                assertThat(object == null || plain().anyMatch(known -> known.getClass() == object.getClass()))
                        .isTrue();
            } catch (NotTransferableException e) {
                assertThat(e).hasMessageContaining("cannot be read");
            }
        }
    }

    private static long seed() {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("RawFormTest: seed " + seed);
        return seed;
    }
}
