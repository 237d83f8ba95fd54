package dev.heddle;

/**
 * The wait of a task can never end: all tasks are asleep, and nothing else in this JVM could wake one. Thrown out of the wait,
 * by each of the waiting tasks of a {@link Model#GREEN} heddle.
 *
 * <p>As with Go's "all goroutines are asleep" there are no false alarms: it is thrown only if every live task of every heddle
 * waits without a time limit for another task, in a channel or for a mutex, and every other thread of the JVM waits without a time limit,
 * too. So where anything else goes on, such as a server's thread that accepts connections, there is no exception;
 * {@link Heddle#dump} then says which tasks wait for each other.
 */
public final class DeadlockException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String dump;

    /**
     * @param message which task waits for what
     * @param dump the same, with the stacks
     */
    public DeadlockException(String message, String dump) {
        super(message);
        this.dump = dump;
    }

    /** {@return what {@link Heddle#dump} would have said then: every task, why it waits, and its stack} */
    public String dump() {
        return dump;
    }
}
