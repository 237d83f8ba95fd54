package dev.heddle.internal.process.form;

import dev.heddle.internal.process.link.Message;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.io.Serializable;
import java.io.StreamCorruptedException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Plain data as bytes: strings, boxes, arrays of primitives, and serializable records of nothing but primitives.
 *
 * <p>JDK serialization builds a stream and describes the class for every object that crosses, which takes microseconds and
 * kilobytes where the data has 8 bytes. Here it is a byte that says what it is, and the data in the machine's own order, as both
 * processes are on one machine. Anything else is left to JDK serialization, so this changes nothing but the time: a record
 * that says by {@code writeReplace} or {@code readResolve} how it wants to cross is left to it, too.
 */
final class RawForm {
    private static final byte NULL = 1;
    private static final byte LATIN1 = 2;
    private static final byte UTF16 = 3;
    private static final byte BOOLEAN = 4;
    private static final byte BYTE = 5;
    private static final byte SHORT = 6;
    private static final byte CHARACTER = 7;
    private static final byte INTEGER = 8;
    private static final byte LONG = 9;
    private static final byte FLOAT = 10;
    private static final byte DOUBLE = 11;
    private static final byte BYTES = 12;
    private static final byte SHORTS = 13;
    private static final byte CHARS = 14;
    private static final byte INTS = 15;
    private static final byte LONGS = 16;
    private static final byte FLOATS = 17;
    private static final byte DOUBLES = 18;
    private static final byte RECORD = 19;

    /** The first byte of what JDK serialization writes. */
    private static final byte JDK = (byte) 0xAC;

    /** How records cross, for those that do. */
    private static final ClassValue<@Nullable Layout> LAYOUTS = new ClassValue<>() {
        @Override
        protected @Nullable Layout computeValue(Class<?> type) {
            return Layout.of(type);
        }
    };

    private RawForm() {}

    /** {@return the object as bytes, or null if it is not plain data} */
    static byte @Nullable [] write(@Nullable Object object) {
        return switch (object) {
            case null -> new byte[] {NULL};
            case String text -> text(text);
            case Boolean value -> new byte[] {BOOLEAN, (byte) (value ? 1 : 0)};
            case Byte value -> new byte[] {BYTE, value};
            case Short value -> bytes(SHORT, Short.BYTES, out -> out.putShort(value));
            case Character value -> bytes(CHARACTER, Character.BYTES, out -> out.putChar(value));
            case Integer value -> bytes(INTEGER, Integer.BYTES, out -> out.putInt(value));
            case Long value -> bytes(LONG, Long.BYTES, out -> out.putLong(value));
            case Float value -> bytes(FLOAT, Float.BYTES, out -> out.putFloat(value));
            case Double value -> bytes(DOUBLE, Double.BYTES, out -> out.putDouble(value));
            case byte[] array -> array(BYTES, MemorySegment.ofArray(array));
            case short[] array -> array(SHORTS, MemorySegment.ofArray(array));
            case char[] array -> array(CHARS, MemorySegment.ofArray(array));
            case int[] array -> array(INTS, MemorySegment.ofArray(array));
            case long[] array -> array(LONGS, MemorySegment.ofArray(array));
            case float[] array -> array(FLOATS, MemorySegment.ofArray(array));
            case double[] array -> array(DOUBLES, MemorySegment.ofArray(array));
            case Record data -> {
                Layout layout = LAYOUTS.get(data.getClass());
                yield layout == null ? null : layout.write(data);
            }
            default -> null;
        };
    }

    /** {@return whether bytes are of this form, and not of JDK serialization} */
    static boolean isRaw(byte[] bytes) {
        return bytes.length > 0 && bytes[0] != JDK;
    }

    /**
     * {@return the object}
     *
     * @param bytes perhaps from {@link #write}
     * @param loader where classes of records are looked for
     * @param trusted see {@link Payload#read}
     * @throws IOException if no object has these bytes, or it is not allowed
     * @throws ClassNotFoundException if there is no such record here
     */
    static @Nullable Object read(byte[] bytes, @Nullable ClassLoader loader, boolean trusted)
            throws IOException, ClassNotFoundException {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        byte kind = in.get();
        try {
            Object object = switch (kind) {
                case NULL -> null;
                case LATIN1 -> new String(remaining(in), StandardCharsets.ISO_8859_1);
                case UTF16 -> new String(array(in, char[]::new, MemorySegment::ofArray, Character.BYTES));
                case BOOLEAN -> in.get() != 0;
                case BYTE -> in.get();
                case SHORT -> in.getShort();
                case CHARACTER -> in.getChar();
                case INTEGER -> in.getInt();
                case LONG -> in.getLong();
                case FLOAT -> in.getFloat();
                case DOUBLE -> in.getDouble();
                case BYTES -> remaining(in);
                case SHORTS -> array(in, short[]::new, MemorySegment::ofArray, Short.BYTES);
                case CHARS -> array(in, char[]::new, MemorySegment::ofArray, Character.BYTES);
                case INTS -> array(in, int[]::new, MemorySegment::ofArray, Integer.BYTES);
                case LONGS -> array(in, long[]::new, MemorySegment::ofArray, Long.BYTES);
                case FLOATS -> array(in, float[]::new, MemorySegment::ofArray, Float.BYTES);
                case DOUBLES -> array(in, double[]::new, MemorySegment::ofArray, Double.BYTES);
                case RECORD -> record(in, loader, trusted);
                default -> throw new StreamCorruptedException("there is no kind " + kind + " of data");
            };
            if (in.hasRemaining()) {
                throw new StreamCorruptedException(in.remaining() + " bytes too many for data of kind " + kind);
            }
            return object;
        } catch (BufferUnderflowException e) {
            throw new StreamCorruptedException(bytes.length + " bytes are too few for data of kind " + kind);
        }
    }

    private static byte[] bytes(byte kind, int length, Consumer<ByteBuffer> write) {
        byte[] bytes = new byte[1 + length];
        write.accept(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).put(kind));
        return bytes;
    }

    // ---- strings

    private static byte @Nullable [] text(String text) {
        byte[] bytes = new byte[1 + text.length()];
        bytes[0] = LATIN1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0xFF) {
                return array(UTF16, MemorySegment.ofArray(text.toCharArray()));
            }
            bytes[1 + i] = (byte) c;
        }
        return bytes;
    }

    private static byte[] remaining(ByteBuffer in) {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return bytes;
    }

    // ---- arrays

    /** {@return the array as bytes, or null if there are more than fit} */
    private static byte @Nullable [] array(byte kind, MemorySegment array) {
        if (array.byteSize() >= Message.MAX_PAYLOAD) {
            return null; // Payload says so
        }
        byte[] bytes = new byte[1 + (int) array.byteSize()];
        bytes[0] = kind;
        MemorySegment.copy(array, 0, MemorySegment.ofArray(bytes), 1, array.byteSize());
        return bytes;
    }

    /** {@return what remains as an array} */
    private static <A> A array(ByteBuffer in, IntFunction<A> make, Function<A, MemorySegment> segment, int size)
            throws StreamCorruptedException {
        int length = in.remaining();
        if (length % size != 0) {
            throw new StreamCorruptedException(length + " bytes are no array of elements of " + size);
        }
        A array = make.apply(length / size);
        MemorySegment.copy(MemorySegment.ofBuffer(in), 0, segment.apply(array), 0, length);
        in.position(in.limit());
        return array;
    }

    // ---- records

    private static Object record(ByteBuffer in, @Nullable ClassLoader loader, boolean trusted)
            throws IOException, ClassNotFoundException {
        byte[] name = new byte[Math.min(Short.toUnsignedInt(in.getShort()), in.remaining())];
        in.get(name);
        Class<?> type = Class.forName(new String(name, StandardCharsets.UTF_8), false, loader);
        Layout layout = LAYOUTS.get(type);
        if (layout == null || !(trusted || WorkerFilter.isAllowed(type))) {
            throw new InvalidClassException(type.getName(), "it does not cross as plain data");
        }
        return layout.read(in);
    }

    /** How a record of primitives crosses: the name of its class, and what its fields hold, in their order. */
    @SuppressWarnings("ArrayRecordComponent") // written, never compared
    private record Layout(byte[] name, Constructor<?> constructor, List<Field> fields, int length) {
        static @Nullable Layout of(Class<?> type) {
            RecordComponent[] components = type.getRecordComponents();
            byte[] name = type.getName().getBytes(StandardCharsets.UTF_8);
            if (components == null
                    || !Serializable.class.isAssignableFrom(type)
                    || decidesItself(type)
                    || name.length >= 1 << Short.SIZE) {
                return null;
            }
            Class<?>[] types =
                    Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            if (!Stream.of(types).allMatch(Class::isPrimitive)) {
                return null;
            }
            try {
                Constructor<?> constructor = type.getDeclaredConstructor(types);
                List<Field> fields = new ArrayList<>();
                for (RecordComponent component : components) {
                    fields.add(type.getDeclaredField(component.getName()));
                }
                boolean accessible =
                        constructor.trySetAccessible() && fields.stream().allMatch(Field::trySetAccessible);
                int length = Stream.of(types).mapToInt(Layout::size).sum();
                return accessible ? new Layout(name, constructor, fields, length) : null;
            } catch (ReflectiveOperationException e) {
                throw new LinkageError("a record has a canonical constructor and a field for each component", e);
            }
        }

        private static boolean decidesItself(Class<?> type) {
            return Stream.of(type.getDeclaredMethods())
                    .map(Method::getName)
                    .anyMatch(name -> name.equals("writeReplace") || name.equals("readResolve"));
        }

        private static int size(Class<?> type) {
            if (type == boolean.class || type == byte.class) {
                return 1;
            }
            if (type == short.class || type == char.class) {
                return 2;
            }
            return type == int.class || type == float.class ? 4 : 8;
        }

        byte[] write(Record data) {
            return bytes(RECORD, Short.BYTES + name.length + length, out -> {
                out.putShort((short) name.length).put(name);
                fields.forEach(field -> put(out, value(field, data)));
            });
        }

        private static void put(ByteBuffer out, Object primitive) {
            switch (primitive) {
                case Boolean value -> out.put((byte) (value ? 1 : 0));
                case Byte value -> out.put(value);
                case Short value -> out.putShort(value);
                case Character value -> out.putChar(value);
                case Integer value -> out.putInt(value);
                case Long value -> out.putLong(value);
                case Float value -> out.putFloat(value);
                case Double value -> out.putDouble(value);
                default -> throw new AssertionError(primitive + " is not primitive");
            }
        }

        private static Object value(Field field, Record data) {
            try {
                return field.get(data);
            } catch (IllegalAccessException e) {
                throw new LinkageError("it was accessible", e);
            }
        }

        Object read(ByteBuffer in) throws InvalidObjectException {
            Object[] values = fields.stream().map(field -> value(in, field)).toArray();
            try {
                return constructor.newInstance(values);
            } catch (InvocationTargetException e) { // the record does not accept the values
                InvalidObjectException failure = new InvalidObjectException(String.valueOf(e.getCause()));
                failure.initCause(e.getCause());
                throw failure;
            } catch (ReflectiveOperationException e) {
                throw new LinkageError("it was accessible", e);
            }
        }

        private static Object value(ByteBuffer in, Field field) {
            Class<?> type = field.getType();
            if (type == boolean.class) {
                return in.get() != 0;
            } else if (type == byte.class) {
                return in.get();
            } else if (type == short.class) {
                return in.getShort();
            } else if (type == char.class) {
                return in.getChar();
            } else if (type == int.class) {
                return in.getInt();
            } else if (type == long.class) {
                return in.getLong();
            } else if (type == float.class) {
                return in.getFloat();
            } else {
                return in.getDouble();
            }
        }
    }
}
