package dev.heddle;

/** What a {@link Channel} does with an element for which it has no room. */
public enum Overflow {
    /** The sender waits until there is room. */
    BLOCK,

    /** The element that has been in the channel for longest is dropped for it. The sender never waits. */
    DROP_OLDEST,

    /** The element itself is dropped. The sender never waits; the forms of send that have a result tell it. */
    DROP_NEWEST,

    /** The sender gets a {@link ChannelFullException}; {@link Sink#trySend} returns false. */
    FAIL
}
