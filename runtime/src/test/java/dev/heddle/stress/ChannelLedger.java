package dev.heddle.stress;

import dev.heddle.Overflow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Who has sent what, as they say, and what has come. */
final class ChannelLedger {
    private static final int MOST = 1 << 18;

    private static final int SENT = 1;
    private static final int SENT_OR_DROPPED = 1 << 10;
    private static final int RECEIVED = 1 << 20;

    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicIntegerArray marks = new AtomicIntegerArray(MOST);

    /**
     * What is sent.
     *
     * @param number different for all
     * @param sender the number of who has made it
     * @param sequence how many the sender has made before
     */
    record Message(int number, int sender, int sequence) {}

    /** {@return a new message, or null if there are no more} */
    Message message(int sender, int sequence) {
        int number = numbers.getAndIncrement();
        return number < MOST ? new Message(number, sender, sequence) : null;
    }

    boolean isFull() {
        return numbers.get() >= MOST;
    }

    /**
     * A send has said that it is done.
     *
     * @param overflow of the channel
     * @param told whether that form of send tells if the channel drops the element at once
     */
    void sent(Message message, Overflow overflow, boolean told) {
        boolean surely = switch (overflow) {
            case BLOCK, FAIL -> true;
            case DROP_NEWEST -> told;
            case DROP_OLDEST -> false;
        };
        marks.addAndGet(message.number, surely ? SENT : SENT_OR_DROPPED);
    }

    void received(Message message) {
        marks.addAndGet(message.number, RECEIVED);
    }

    /** {@return how many were received} To be called when nobody sends or receives any more. */
    long check() {
        long received = 0;
        for (int i = 0; i < Math.min(numbers.get(), MOST); i++) {
            switch (marks.get(i)) {
                case 0, SENT_OR_DROPPED -> {}
                case SENT + RECEIVED, SENT_OR_DROPPED + RECEIVED -> received++;
                default -> throw new AssertionError("element " + i + " was sent " + describe(marks.get(i)));
            }
        }
        return received;
    }

    private static String describe(int marks) {
        return marks % SENT_OR_DROPPED + " times, or " + marks % RECEIVED / SENT_OR_DROPPED
                + " times to a channel that drops, and received " + marks / RECEIVED + " times";
    }
}
