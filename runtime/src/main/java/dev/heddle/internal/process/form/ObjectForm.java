package dev.heddle.internal.process.form;

import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamField;
import java.io.OutputStream;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * JDK serialization between processes that have the same classes: of a class its name crosses, and a number by which both see
 * that its form is the same here and there. By itself the JDK writes the name and type of each field of each class into each
 * stream, and makes objects of them to compare; of a small job that is more than half of the bytes and of the time.
 */
final class ObjectForm {
    /** A number of each class that is another one if its version or its fields are. */
    private static final ClassValue<Long> FORMS = new ClassValue<>() {
        @Override
        protected Long computeValue(Class<?> type) {
            ObjectStreamClass description = ObjectStreamClass.lookupAny(type);
            long form = description.getSerialVersionUID();
            for (ObjectStreamField field : description.getFields()) {
                form = 31 * (31 * form + field.getName().hashCode())
                        + field.getType().getName().hashCode();
            }
            return form;
        }
    };

    /** Those of the loader that has the application's classes as long as the JVM runs. */
    private static final ConcurrentMap<String, ObjectStreamClass> KNOWN = new ConcurrentHashMap<>();

    private ObjectForm() {}

    /** Writes objects. */
    static final class Output extends ObjectOutputStream {
        /** @param out where to */
        Output(OutputStream out) throws IOException {
            super(out);
        }

        @Override
        protected void writeClassDescriptor(ObjectStreamClass description) throws IOException {
            writeUTF(description.getName());
            writeLong(FORMS.get(description.forClass()));
        }
    }

    /** Reads objects. Looks for classes where the application is, not where Heddle is. */
    static final class Input extends ObjectInputStream {
        private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();
        private final boolean trusted;

        /**
         * @param in from an {@link Output}
         * @param trusted see {@link Payload#read}
         */
        Input(InputStream in, boolean trusted) throws IOException {
            super(in);
            this.trusted = trusted;
        }

        @Override
        protected ObjectStreamClass readClassDescriptor() throws IOException, ClassNotFoundException {
            String name = readUTF();
            long form = readLong();
            ObjectStreamClass description = description(name);
            if (FORMS.get(description.forClass()) != form) {
                throw new InvalidClassException(
                        name,
                        "it has other fields than where it was written: start the program anew when its files have changed");
            }
            return description;
        }

        private ObjectStreamClass description(String name) throws IOException, ClassNotFoundException {
            boolean lasting = loader == ClassLoader.getSystemClassLoader();
            ObjectStreamClass known = lasting ? KNOWN.get(name) : null;
            if (known != null) {
                return known;
            }
            Class<?> primitive = Class.forPrimitiveName(name);
            Class<?> type = primitive == null ? Class.forName(name, false, loader) : primitive;
            if (!trusted && !WorkerFilter.isAllowed(type)) { // asked before anything of the class is executed
                throw new InvalidClassException(name, "it is not allowed to come from a worker");
            }
            ObjectStreamClass description = ObjectStreamClass.lookupAny(type);
            if (lasting) {
                KNOWN.put(name, description);
            }
            return description;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) {
            return description.forClass();
        }
    }
}
