package dev.heddle.internal.process;

import dev.heddle.internal.process.form.Payload;
import dev.heddle.internal.process.form.Payload.Role;
import dev.heddle.internal.process.form.RemoteFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** What a worker may send, and what it should not, as bytes. */
public final class Specimens {
    private static final List<byte[]> OBJECTS = objects();
    private static final List<byte[]> FAILURES = List.of(
            RemoteFailure.write(new IllegalStateException("outer", new IOException("inner"))),
            RemoteFailure.write(new StackOverflowError()));

    private Specimens() {}

    /** {@return some object, the same for the same number} */
    public static byte[] object(int which) {
        return OBJECTS.get(which % OBJECTS.size());
    }

    /** {@return some exception, the same for the same number} */
    public static byte[] failure(int which) {
        return FAILURES.get(which % FAILURES.size());
    }

    /** A record that crosses as plain data. */
    record Point(int x, double y) implements Serializable {}

    /** A record that does not. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Named(String name, Point[] points) implements Serializable {}

    @SuppressWarnings("IdentityHashMapUsage") // any map will do: its bytes are wanted
    private static List<byte[]> objects() {
        Map<Object, Object> map = new HashMap<>(Map.of("key", List.of(1, 2L, 'c'), new HashSet<>(List.of("x")), 1.5));
        List<byte[]> all = new ArrayList<>();
        for (Object object : Arrays.asList(
                null,
                "text",
                "\u2014",
                7,
                new byte[100],
                new double[] {1, 2, 3},
                new Point(1, 2),
                new Named("n", new Point[] {new Point(3, 4)}),
                map,
                new IdentityHashMap<>(map),
                new ArrayList<>(List.of(map, List.of(), new int[10])),
                new IllegalStateException("an exception"),
                deep(200))) {
            all.add(Payload.write(object, Role.ELEMENT));
        }
        all.add(jdkForm(null));
        all.add(arraysInArrays(60_000, 50));
        return all;
    }

    private static Object deep(int depth) {
        Object inner = "bottom";
        for (int i = 0; i < depth; i++) {
            inner = i % 2 == 0 ? new ArrayList<>(Arrays.asList(inner)) : new Object[] {inner};
        }
        return inner;
    }

    private static byte[] jdkForm(Object object) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Each array says that it is as long as all the bytes, and has the next one as its first element. */
    private static byte[] arraysInArrays(int length, int depth) {
        Object[] inner = new Object[0];
        for (int i = 0; i < depth; i++) {
            inner = new Object[] {inner};
        }
        byte[] bytes = Arrays.copyOf(jdkForm(inner), length);
        for (int i = 0; i + 4 < bytes.length; i++) {
            if (bytes[i] == 0 && bytes[i + 1] == 0 && bytes[i + 2] == 0 && bytes[i + 3] == 1) {
                bytes[i + 2] = (byte) (length >> 8);
            }
        }
        return bytes;
    }
}
