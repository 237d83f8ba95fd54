package dev.heddle.internal.process.channel;

import dev.heddle.NotTransferableException;
import dev.heddle.internal.channel.Selectable;
import dev.heddle.internal.channel.Selectable.Operation;
import dev.heddle.internal.process.link.CorruptFrameException;
import dev.heddle.internal.process.link.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * The operations of a select as bytes, one after the other:
 *
 * <pre>{@code
 * long channel   its number
 * int length     of the element to send; -1 to receive
 * byte[length]   the element
 * }</pre>
 */
final class SelectPayload {
    /** The most operations that one select has; as in Go. */
    static final int OPERATIONS_MAX = 1 << 16;

    private static final int HEADER = Long.BYTES + Integer.BYTES;
    private static final int RECEIVE = -1;

    private SelectPayload() {}

    /**
     * Turns operations into bytes.
     *
     * @param operations on {@link RemoteEnd}s, at least one
     * @return the bytes
     * @throws IllegalArgumentException if there are too many
     * @throws NotTransferableException if their elements are too long together
     */
    static byte[] write(List<Operation> operations) {
        if (operations.size() > OPERATIONS_MAX) {
            throw new IllegalArgumentException("a select in a worker has at most " + OPERATIONS_MAX
                    + " clauses, and this one has " + operations.size()
                    + ": have the senders share channels, or several tasks select");
        }
        long length = 0;
        for (Operation operation : operations) {
            byte[] element = (byte[]) operation.element();
            length += HEADER + (element == null ? 0 : element.length);
        }
        if (length > Message.MAX_PAYLOAD) {
            throw new NotTransferableException(
                    "the elements of a select take " + length + " bytes together, and at most " + Message.MAX_PAYLOAD
                            + " can cross to another process at once: let them cross in parts",
                    new IOException("too long"));
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) length);
        for (Operation operation : operations) {
            byte[] element = (byte[]) operation.element();
            bytes.putLong(((RemoteEnd<?>) operation.channel()).number());
            if (element == null) {
                bytes.putInt(RECEIVE);
            } else {
                bytes.putInt(element.length).put(element);
            }
        }
        return bytes.array();
    }

    /**
     * Turns bytes that a worker sent back into operations.
     *
     * @param payload the bytes
     * @param channels finds a channel by its number, or throws
     * @return the operations, at least one
     * @throws CorruptFrameException if the bytes make no sense
     */
    static List<Operation> read(byte[] payload, LongFunction<? extends Selectable<?>> channels) {
        ByteBuffer bytes = ByteBuffer.wrap(payload);
        List<Operation> operations = new ArrayList<>();
        do {
            if (operations.size() == OPERATIONS_MAX) {
                throw new CorruptFrameException("a select has more than " + OPERATIONS_MAX + " operations");
            }
            operations.add(readOperation(bytes, channels));
        } while (bytes.hasRemaining());
        return operations;
    }

    private static Operation readOperation(ByteBuffer bytes, LongFunction<? extends Selectable<?>> channels) {
        if (bytes.remaining() < HEADER) {
            throw new CorruptFrameException("an operation of a select cannot have " + bytes.remaining() + " bytes");
        }
        Selectable<?> channel = channels.apply(bytes.getLong());
        int length = bytes.getInt();
        if (length == RECEIVE) {
            return new Operation(channel, null);
        }
        if (length < 0 || length > bytes.remaining()) {
            throw new CorruptFrameException(
                    "an element of a select cannot have " + length + " bytes where " + bytes.remaining() + " are left");
        }
        byte[] element = new byte[length];
        bytes.get(element);
        return new Operation(channel, element);
    }
}
