package dev.heddle.internal.channel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What other processes have leased of a channel.
 *
 * <p>Problem: a process that asks for every element pays two wake-ups each time, which are some ten thousand elements a second;
 * but what it is given in advance is missed by others: room that an idle sender was promised, elements that a busy receiver
 * has in stock while another waits, all of it when the process is stopped or dies. Rejected: to wait until it is given back, or
 * to give so little that nobody misses it. Approach: everything given in advance is revocable at once, by a {@link
 * RevocableCount}. As soon as a send finds no room, the credits are revoked; as soon as anybody else receives, the elements are
 * recalled. So a channel behaves as if nothing were leased.
 *
 * <p>Credit is flow control as in AMQP or HTTP/2: room in the buffer is kept for so many elements. An element sent on credit is
 * written to the ring first and counted then, so one that has been counted arrives even if its sender dies; one that comes and
 * was not counted is counted here, and the sender finds that. Elements lent ahead stay in the channel, and count as in its
 * buffer, until the other process has counted that it took them. At most one process has some, since another that receives
 * recalls them first.
 *
 * <p>The race that matters is a sender that finds no room, and waits, against a process that takes an element it was lent, which
 * makes room: the sender looks at the count and asks to be called in one step.
 *
 * <p>Guarded by the channel's lock.
 *
 * @param <E> the type of the elements
 */
final class Leases<E> {
    /** Those with a credit, or with elements on their way. */
    private final List<Lease<E>> creditors = new ArrayList<>(2);

    private @Nullable Lease<E> borrower;

    /** How many elements were received without being lent. */
    private long received;

    /** How much of the channel's capacity is not in its buffer: kept for senders, or lent to a receiver. */
    private int held;

    private void count() {
        held = borrower == null ? 0 : borrower.lent();
        for (Lease<E> lease : creditors) {
            held += lease.reserved();
        }
    }

    /**
     * {@return whether all room is used}
     *
     * @param room what the buffer leaves of the capacity
     */
    boolean isFull(int room) {
        if (held < room) {
            return false;
        }
        creditors.forEach(Lease::revokeCredit);
        creditors.removeIf(lease -> lease.reserved() == 0);
        if (borrower != null) {
            borrower.lookAndBeCalled();
        }
        count();
        return held >= room;
    }

    /** {@return the number of elements that are in the channel and not in its buffer} */
    int size() {
        int size = borrower == null ? 0 : borrower.countLent();
        for (Lease<E> lease : creditors) {
            size += lease.onTheWay();
        }
        return size;
    }

    // ---- credit

    /**
     * Gives credit to whoever asks for a second time.
     *
     * @param lease of the sender
     * @param room how much is left beside the buffer
     * @param most how much is wanted
     * @return how many elements it may send
     */
    int grant(Lease<E> lease, int room, int most) {
        int credit = lease.isEnded() || lease.reserved() > 0 ? 0 : Math.min(most, (room - held) / 2);
        if (credit < 2) {
            return 0;
        }
        lease.grant(credit);
        if (!creditors.contains(lease)) {
            creditors.add(lease);
        }
        held += credit;
        return credit;
    }

    /** {@return whether an element that came on credit counts} */
    boolean arrive(Lease<E> lease, int n) {
        if (lease.isEnded() || !lease.arrive(n)) {
            return false;
        }
        held--;
        return true;
    }

    /** The channel is closed: nothing more is sent. */
    void revokeCredits() {
        creditors.forEach(Lease::revokeCredit);
        count();
    }

    /** {@return whether elements have been sent that have not arrived} */
    boolean areOnTheWay() {
        return creditors.stream().anyMatch(lease -> lease.onTheWay() > 0);
    }

    // ---- elements lent ahead

    /**
     * Lends what is in the buffer to whoever has received, unless others did since it last asked: they would recall it soon.
     *
     * @param lease of the receiver
     * @param buffer to take elements from
     * @param most how many
     * @param weight of an element
     * @param heaviest how much they may weigh together
     * @return what was lent
     */
    List<E> lend(Lease<E> lease, ArrayDeque<E> buffer, int most, ToIntFunction<E> weight, int heaviest) {
        List<E> elements = new ArrayList<>();
        if (!lease.isAlone(received) || lease.isEnded() || borrower != null) {
            return elements;
        }
        lease.beginToLend();
        int left = heaviest;
        while (elements.size() < most && !buffer.isEmpty()) {
            left -= weight.applyAsInt(buffer.element());
            if (left < 0) {
                break;
            }
            E element = buffer.remove();
            elements.add(element);
            lease.lend(element);
        }
        borrower = elements.isEmpty() ? null : lease;
        held += elements.size();
        return elements;
    }

    /** An element has been received from the buffer or from a sender. */
    void received() {
        received++;
    }

    /** Somebody is about to receive: gets back what another has not taken. */
    void recall(@Nullable ArrayDeque<E> buffer) {
        Lease<E> lease = borrower;
        if (lease != null && buffer != null) {
            borrower = null;
            lease.recall(buffer);
            count();
        }
    }

    // ---- the end

    /** A process has no more use for what it leased, or is dead: then nothing that it sent is on its way any more. */
    void end(Lease<E> lease, boolean dead, @Nullable ArrayDeque<E> buffer) {
        if (borrower == lease) {
            recall(buffer);
        }
        if (dead) {
            lease.loseWhatIsOnItsWay();
            lease.end();
        } else {
            lease.revokeCredit();
        }
        if (lease.reserved() == 0) {
            creditors.remove(lease);
        }
        count();
    }
}
