package dev.heddle;

/** A send found no room in a channel with {@link Overflow#FAIL}: the element was not sent. */
public final class ChannelFullException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** @param message what was full, and what can be done */
    public ChannelFullException(String message) {
        super(message);
    }
}
