package dev.heddle.internal.process.form;

import dev.heddle.NotTransferableException;
import dev.heddle.internal.process.form.Payload.Role;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How an exception crosses: as itself with the stack trace it was thrown with, or, where it cannot be serialized or
 * read, described by one of these. An exception that cannot cross is never lost: its bytes carry a description as well.
 */
public final class RemoteFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Causes of causes that are described one by one. */
    private static final int CAUSES_MAX = 16;

    private RemoteFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Where an exception was thrown; it has no stack trace of its own. */
    private static final class Origin extends Exception {
        private static final long serialVersionUID = 1L;

        Origin(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Turns an exception into bytes. Never fails.
     *
     * @param failure the exception
     * @return its bytes
     */
    public static byte[] write(Throwable failure) {
        byte[] description = trace(failure).getBytes(StandardCharsets.UTF_8);
        byte[] object;
        try {
            object = Payload.write(failure, Role.FAILURE);
        } catch (NotTransferableException e) {
            object = Payload.write(describe(failure, String.valueOf(e.getMessage()), CAUSES_MAX), Role.FAILURE);
        }
        return ByteBuffer.allocate(Integer.BYTES + description.length + object.length)
                .putInt(description.length)
                .put(description)
                .put(object)
                .array();
    }

    /** A stack trace can be printed unless a method that the exception overrides throws. */
    private static String trace(Throwable failure) {
        try {
            StringWriter text = new StringWriter();
            failure.printStackTrace(new PrintWriter(text));
            return text.toString();
        } catch (RuntimeException e) {
            return failure.getClass().getName() + ", whose printStackTrace() threw "
                    + e.getClass().getName();
        }
    }

    private static Throwable describe(Throwable failure, String why, int causesLeft) {
        RemoteFailure substitute = new RemoteFailure(
                failure.getClass().getName() + ": " + failure.getMessage() + " (described, since this " + why + ")",
                causesLeft == 0 ? null : transferable(failure.getCause(), causesLeft - 1));
        substitute.setStackTrace(failure.getStackTrace());
        return substitute;
    }

    private static @Nullable Throwable transferable(@Nullable Throwable cause, int causesLeft) {
        if (cause == null) {
            return null;
        }
        try {
            Payload.write(cause, Role.FAILURE);
            return cause;
        } catch (NotTransferableException e) {
            return describe(cause, String.valueOf(e.getMessage()), causesLeft);
        }
    }

    /**
     * Turns bytes from {@link #write} back into an exception. Never fails.
     *
     * @param bytes the bytes
     * @param trusted see {@link Payload#read}
     * @param origin where the exception comes from; it is added as a suppressed exception
     * @return the exception, or a description of it
     */
    public static Throwable read(byte[] bytes, boolean trusted, String origin) {
        Throwable failure;
        try {
            failure = readParts(ByteBuffer.wrap(bytes), trusted);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            failure = new RemoteFailure("a failure whose bytes make no sense", e);
        }
        failure.addSuppressed(new Origin(origin));
        return failure;
    }

    private static Throwable readParts(ByteBuffer bytes, boolean trusted) {
        int length = bytes.getInt();
        if (length < 0 || length > bytes.remaining()) {
            throw new IllegalArgumentException("a description of " + length + " bytes in " + bytes.remaining());
        }
        byte[] description = new byte[length];
        bytes.get(description);
        byte[] object = new byte[bytes.remaining()];
        bytes.get(object);
        String why;
        try {
            if (Payload.read(object, Role.FAILURE, trusted) instanceof Throwable failure) {
                return failure;
            }
            why = "what came is no exception";
        } catch (NotTransferableException e) {
            why = String.valueOf(e.getMessage());
        }
        return new RemoteFailure(
                new String(description, StandardCharsets.UTF_8).strip() + "\n(described, since this " + why + ")",
                null);
    }
}
