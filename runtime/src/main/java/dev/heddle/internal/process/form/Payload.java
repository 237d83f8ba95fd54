package dev.heddle.internal.process.form;

import dev.heddle.NotTransferableException;
import dev.heddle.internal.process.link.Message;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Objects as bytes: plain data in its {@link RawForm}, and everything else by JDK serialization, since it is the only one that
 * takes lambdas and needs nothing of the classes but {@link java.io.Serializable}.
 */
public final class Payload {
    private Payload() {}

    /**
     * Turns an object into bytes.
     *
     * @param object what is to cross
     * @param role what it is to the user
     * @return the bytes
     * @throws NotTransferableException if it cannot cross; the message says what in it, where, and the mend
     */
    public static byte[] write(@Nullable Object object, Role role) {
        byte[] raw = RawForm.write(object);
        if (raw != null) {
            return raw;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (ObjectOutputStream out = new ObjectForm.Output(bytes)) {
            out.writeObject(object);
        } catch (IOException e) {
            throw new NotTransferableException(Obstacle.sentence(Objects.requireNonNull(object), role, e), e);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) { // thrown by its class, or by its size
            throw new NotTransferableException(
                    role + " cannot be copied to another process: serializing it threw " + e, e);
        }
        if (bytes.size() > Message.MAX_PAYLOAD) {
            throw new NotTransferableException(
                    role + " takes " + bytes.size() + " bytes, and at most " + Message.MAX_PAYLOAD
                            + " can cross to another process at once: let it cross in parts",
                    new IOException("too long"));
        }
        return bytes.toByteArray();
    }

    /**
     * Turns bytes into an object. Classes are looked for with the calling thread's context class loader.
     *
     * @param bytes from {@link #write}, perhaps in another process
     * @param role what the object is to the user
     * @param trusted whether a process wrote them that may make this one run code of its choice
     * @return the object
     * @throws NotTransferableException if it cannot be read here; the message says why
     */
    public static @Nullable Object read(byte[] bytes, Role role, boolean trusted) {
        try {
            Object object = RawForm.isRaw(bytes)
                    ? RawForm.read(bytes, Thread.currentThread().getContextClassLoader(), trusted)
                    : readStream(bytes, trusted);
            if (object == null && role == Role.ELEMENT) {
                throw new InvalidObjectException("it is null, and a channel has no null elements");
            }
            return object;
        } catch (ClassNotFoundException e) {
            throw new NotTransferableException(
                    role + " cannot be read in process "
                            + ProcessHandle.current().pid() + ", whose class path has no " + e.getMessage()
                            + ": add it with workerClassPath(...), or to the class path of the program",
                    e);
        } catch (IOException | RuntimeException | Error e) { // an Error is its class's: not found, or not initialized
            throw new NotTransferableException(
                    role + " cannot be read in process "
                            + ProcessHandle.current().pid() + ": " + e,
                    e);
        }
    }

    /**
     * {@return the element of a channel or pipe}
     *
     * @param bytes from {@link #write} in the role of an element
     * @param trusted see {@link #read}
     * @param <E> the type of its elements: what was sent was one
     */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public static <E> E element(byte[] bytes, boolean trusted) {
        return (E) Objects.requireNonNull(
                read(bytes, Role.ELEMENT, trusted), "another process has sent null, which is no element");
    }

    private static @Nullable Object readStream(byte[] bytes, boolean trusted)
            throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectForm.Input(new ByteArrayInputStream(bytes), trusted)) {
            if (!trusted) {
                in.setObjectInputFilter(new WorkerFilter(bytes.length));
            }
            return in.readObject();
        } catch (InvalidClassException e) {
            if (e.getCause() instanceof ClassNotFoundException missing) {
                throw missing;
            }
            throw e;
        }
    }

    /** What an object is to the user, which the messages about it say. */
    public enum Role {
        /** The code of a task. */
        JOB("job", "captures", "open it inside the job, or use Model.THREAD"),
        /** What a job returned. */
        RESULT("result", "holds", "return what it is made of instead, or use Model.THREAD"),
        /** What goes through a channel. */
        ELEMENT("element", "holds", "send what it is made of instead, or use Model.THREAD"),
        /** An exception. */
        FAILURE("failure", "holds", "keep it out of the exception, or use Model.THREAD");

        private final String noun;

        /** How the role has things in it. */
        final String verb;

        /** What to do about a part that is not serializable. */
        final String mend;

        Role(String noun, String verb, String mend) {
            this.noun = noun;
            this.verb = verb;
            this.mend = mend;
        }

        @Override
        public String toString() {
            return noun;
        }
    }
}
