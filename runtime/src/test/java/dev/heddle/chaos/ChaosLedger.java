package dev.heddle.chaos;

import dev.heddle.Heddle;
import dev.heddle.SharedInts;
import dev.heddle.SharedLongs;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Accounts for each element, in memory that survives whoever writes to it.
 *
 * <p>A sender notes an element before it sends it, and afterwards that it was sent or refused. A receiver notes that it begins to
 * receive, and afterwards what it has got. Whoever is killed in between leaves a call that has begun and not ended. When nobody
 * uses the channels any more:
 *
 * <ul>
 *   <li>no element was received twice, none that was refused, none that was never to be sent;
 *   <li>an element was sent and not received only where a receiver was killed that could have it: there are no more of them than
 *       receives of that channel that have not ended;
 *   <li>an element was received though its send did not end only where a sender was killed: there are no more of them than sends to
 *       that channel that have not ended.
 * </ul>
 *
 * <p>So if only the parent receives from a channel, every element that was sent is received exactly once.
 */
final class ChaosLedger implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final int ELEMENTS_MAX = 1 << 18;

    // What is added to the marks of an element: each happens once.
    private static final int SENDING = 1;
    private static final int SENT = 1 << 4;
    private static final int REFUSED = 1 << 8;
    private static final int CHANNEL = 1 << 12;
    private static final int RECEIVED = 1 << 20;

    private static final int MASK = 15;

    // Counts: how many elements there are, and for each channel those of calls.
    private static final int ELEMENTS = 0;
    private static final int CALLS = 4;
    private static final int SENDS_BEGUN = 1;
    private static final int SENDS_ENDED = 2;
    private static final int RECEIVES_BEGUN = 3;
    private static final int RECEIVES_ENDED = 4;

    private final SharedInts marks;
    private final SharedLongs counts;
    private final int channels;

    ChaosLedger(Heddle heddle, int channels) {
        this.marks = heddle.sharedInts(ELEMENTS_MAX);
        this.counts = heddle.sharedLongs(1 + CALLS * channels);
        this.channels = channels;
    }

    private void count(int channel, int what) {
        counts.getAndAdd(CALLS * channel + what, 1);
    }

    private long unended(int channel, int begun, int ended) {
        return counts.get(CALLS * channel + begun) - counts.get(CALLS * channel + ended);
    }

    boolean isFull() {
        return counts.get(ELEMENTS) >= ELEMENTS_MAX;
    }

    /** {@return an element that is about to be sent, or null if there are no more} */
    Element sending(int channel, long sender, int length) {
        long number = counts.getAndAdd(ELEMENTS, 1);
        if (number >= ELEMENTS_MAX) {
            return null;
        }
        count(channel, SENDS_BEGUN);
        marks.getAndAdd(number, SENDING + CHANNEL * channel);
        return new Element(channel, (int) number, sender, length);
    }

    /** The send has said whether it is done. */
    void sent(Element element, boolean done) {
        marks.getAndAdd(element.number(), done ? SENT : REFUSED);
        count(element.channel(), SENDS_ENDED);
    }

    /** A receive is about to begin. */
    void receiving(int channel) {
        count(channel, RECEIVES_BEGUN);
    }

    /** It has ended, with an element or with null. */
    void received(int channel, Element element) {
        if (element != null) {
            marks.getAndAdd(element.number(), RECEIVED);
            element.check(channel);
        }
        count(channel, RECEIVES_ENDED);
    }

    /** {@return how many were received} To be called when nobody sends or receives any more. */
    long check() {
        long received = 0;
        long[] lost = new long[channels];
        long[] unsure = new long[channels];
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < Math.min(counts.get(ELEMENTS), ELEMENTS_MAX); i++) {
            int all = marks.get(i);
            int channel = all / CHANNEL & MASK;
            int times = all / RECEIVED;
            boolean wasSent = (all / SENT & MASK) > 0;
            boolean wasRefused = (all / REFUSED & MASK) > 0;
            if (times > 1 || (times > 0 && (wasRefused || (all & MASK) != SENDING))) {
                wrong.add("element " + i + " of channel " + channel + ", " + (wasRefused ? "refused" : "sent")
                        + ", was received " + times + " times");
            }
            received += times;
            if (times == 0 && wasSent) {
                lost[channel]++;
            } else if (times > 0 && !wasSent) {
                unsure[channel]++;
            }
        }
        for (int channel = 0; channel < channels; channel++) {
            long receives = unended(channel, RECEIVES_BEGUN, RECEIVES_ENDED);
            long sends = unended(channel, SENDS_BEGUN, SENDS_ENDED);
            if (lost[channel] > receives) {
                wrong.add(lost[channel] + " elements of channel " + channel + " were lost, and " + receives
                        + " receives were ended by a death");
            }
            if (unsure[channel] > sends) {
                wrong.add(unsure[channel] + " elements of channel " + channel
                        + " were received without having been sent, and " + sends + " sends were ended by a death");
            }
        }
        if (!wrong.isEmpty()) {
            throw new AssertionError(String.join(System.lineSeparator(), wrong));
        }
        return received;
    }
}
