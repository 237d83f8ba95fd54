package dev.heddle.internal.channel;

import java.util.ArrayDeque;

/**
 * What another process may do with a channel of this one without asking for each element: credit, to send so many elements, and
 * elements lent ahead, to receive them. See {@link Leases}.
 *
 * <p>Guarded by the channel's lock. What the other process counts is bounded by what it was given, whatever it writes.
 *
 * @param <E> the type of the elements
 */
public final class Lease<E> {
    private final RevocableCount credit;
    private final RevocableCount prefetch;

    /** How many elements the other process may send in all; after a revocation, how many it had sent by then. */
    private int granted;

    /** How many of them have arrived. */
    private int arrived;

    private boolean revoked = true;

    /** What was lent and is not known to have been taken, in order. */
    private final ArrayDeque<E> lent = new ArrayDeque<>();

    /** How many lent elements are known to have been taken. */
    private int taken;

    /** How many elements had been received from the channel when this process last received one. */
    private long receivedBefore = Long.MIN_VALUE / 2;

    /** Nothing is given or comes any more: the other process is dead, and the memory of the counts may be gone. */
    private boolean ended;

    /**
     * @param credit counted on by the other process for each element that it sends
     * @param prefetch counted on by the other process for each element that it takes
     */
    public Lease(RevocableCount credit, RevocableCount prefetch) {
        this.credit = credit;
        this.prefetch = prefetch;
    }

    boolean isEnded() {
        return ended;
    }

    void end() {
        ended = true;
    }

    // ---- credit

    void grant(int n) {
        granted = n;
        arrived = 0;
        revoked = false;
        credit.renew();
    }

    /** Ends the credit. What was sent by then still arrives. */
    void revokeCredit() {
        if (!revoked) {
            revoked = true;
            granted = bounded(credit.revoke(), arrived, granted);
        }
    }

    /** What was sent and has not arrived never will. */
    void loseWhatIsOnItsWay() {
        revokeCredit();
        granted = arrived;
    }

    /** {@return how much room in the buffer is kept for what is sent on credit} */
    int reserved() {
        return granted - arrived;
    }

    /** {@return how many elements have been sent that have not arrived} */
    int onTheWay() {
        return revoked ? reserved() : bounded(credit.count(), arrived, granted) - arrived;
    }

    /**
     * An element has come: {@return whether it was sent in time, and takes the room that was kept for it}
     *
     * @param n which, counted from 0
     * @throws IllegalArgumentException if that cannot be
     */
    boolean arrive(int n) {
        if (n != arrived) {
            throw new IllegalArgumentException("element " + n + " came on credit after " + arrived);
        }
        if (n >= granted) {
            if (revoked) {
                return false; // it was sent too late, and its sender knows
            }
            throw new IllegalArgumentException("element " + n + " came on a credit of " + granted);
        }
        if (!credit.count(n)) {
            throw new IllegalArgumentException("element " + n + " has not been counted"); // hidden revocation
        }
        arrived++;
        return true;
    }

    // ---- elements lent ahead

    /**
     * {@return whether no other has received anything since this was last asked}
     *
     * @param received how many elements have been received from the channel, the last one by this process
     */
    boolean isAlone(long received) {
        boolean alone = received - receivedBefore <= 1;
        receivedBefore = received;
        return alone;
    }

    void beginToLend() {
        taken = 0;
        prefetch.renew();
    }

    void lend(E element) {
        lent.add(element);
    }

    /** {@return how many elements are lent and not known to have been taken} */
    int lent() {
        return lent.size();
    }

    /** Looks how many have been taken. The other process will call when it takes another. */
    void lookAndBeCalled() {
        forget(prefetch.countAndCall());
    }

    /** {@return how many lent elements have not been taken} */
    int countLent() {
        return lent.size() - (bounded(prefetch.count(), taken, taken + lent.size()) - taken);
    }

    /** Puts back what was lent and not taken, at the front. */
    void recall(ArrayDeque<E> buffer) {
        forget(prefetch.revoke());
        for (E element = lent.pollLast(); element != null; element = lent.pollLast()) {
            buffer.addFirst(element);
        }
    }

    private void forget(int count) {
        int now = bounded(count, taken, taken + lent.size());
        for (; taken < now; taken++) {
            lent.remove();
        }
    }

    private static int bounded(int count, int least, int most) {
        return Math.clamp(count, least, most);
    }
}
