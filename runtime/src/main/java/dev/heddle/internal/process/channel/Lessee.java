package dev.heddle.internal.process.channel;

import dev.heddle.internal.channel.RevocableCount;
import dev.heddle.internal.process.link.Link;
import dev.heddle.internal.process.link.Message;
import dev.heddle.internal.process.link.Message.OnCredit;
import dev.heddle.internal.process.link.Message.Op;
import dev.heddle.internal.process.link.Message.Outcome;
import dev.heddle.internal.process.link.Message.Reply;
import dev.heddle.internal.process.link.Message.Took;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A worker's side of what it has leased of a channel: credit, to send elements without asking, and elements that it was lent and
 * may take without asking. The parent's side, and why all this is as if nothing were leased, is {@link
 * dev.heddle.internal.channel.Lease}.
 *
 * <p>One thread of the worker at a time uses the credit, and one the elements; another that comes meanwhile asks the parent for
 * each element as if there were no lease. New credit is only asked for by the thread that uses it, so that nobody counts while the
 * parent begins the count anew; the same goes for elements.
 *
 * <p>The race that matters is an element sent on credit against a revocation: the element is written to the ring, then counted. If
 * it could be counted, by either side, it is sent. If not, the parent throws away what it finds in the ring, and it is sent once
 * more, by asking.
 *
 * <p>With credit the payload of an answer is the number of the lease and how many elements it is for. With elements, it is the number
 * of the lease, and for each element its length and its bytes; the first is the one that was asked for.
 */
final class Lessee {
    /** How many elements are lent or on credit at most, and how many bytes lent elements may have together. */
    static final int MOST = 256;

    static final int HEAVIEST = 1 << 16;

    private static final Reply DONE = new Reply(0, Outcome.DONE, 0, Message.NOTHING);

    private final ChannelClient client;
    private final Link link;
    private final long channel;

    private final ReentrantLock sending = new ReentrantLock();

    // Guarded by sending.
    private @Nullable RevocableCount credit;
    private int sent;
    private int granted;

    private final ReentrantLock receiving = new ReentrantLock();

    // Guarded by receiving.
    private @Nullable RevocableCount prefetch;
    private int taken;
    private int lent;
    private ByteBuffer elements = ByteBuffer.allocate(0);

    /**
     * @param client asks the parent
     * @param link to the parent
     * @param channel the number of the channel
     */
    Lessee(ChannelClient client, Link link, long channel) {
        this.client = client;
        this.link = link;
        this.channel = channel;
    }

    // ---- sending

    /**
     * Sends an element, on credit if there is some.
     *
     * @param element as bytes
     * @param nanos as {@link ChannelClient#await}; 0 not to wait
     * @return how it went: DONE, NOT_DONE or CLOSED; after CREDIT it is done, too
     * @throws InterruptedException if interrupted before it was sent; it never will be
     */
    Reply send(byte[] element, long nanos) throws InterruptedException {
        if (!sending.tryLock()) {
            return request(nanos, Op.SEND, Op.TRY_SEND, element);
        }
        try {
            if (sendOnCredit(element)) {
                return DONE;
            }
            Reply reply = request(nanos, Op.SEND_FOR_CREDIT, Op.TRY_SEND, element);
            if (reply.outcome() == Outcome.CREDIT) {
                ByteBuffer in = buffer(reply.payload());
                credit = link.credit(in.getInt());
                granted = in.getInt();
                sent = 0;
                return DONE;
            }
            return reply;
        } finally {
            sending.unlock();
        }
    }

    private boolean sendOnCredit(byte[] element) {
        RevocableCount count = credit;
        if (count == null
                || sent == granted
                || element.length > Message.ON_CREDIT_MAX
                || !link.sendNow(new OnCredit(channel, sent, element))) {
            return false;
        }
        if (!count.count(sent)) {
            granted = sent; // it was revoked before; the next answer may bring another
            return false;
        }
        sent++;
        return true;
    }

    // ---- receiving

    /**
     * Receives an element, of those that were lent if there are some.
     *
     * @param nanos as {@link ChannelClient#await}; 0 not to wait
     * @return how it went: DONE, with the element as bytes, NOT_DONE or CLOSED
     * @throws InterruptedException if interrupted before anything was received; nothing will be
     */
    Reply receive(long nanos) throws InterruptedException {
        if (!receiving.tryLock()) {
            return request(nanos, Op.RECEIVE, Op.TRY_RECEIVE, Message.NOTHING);
        }
        try {
            Reply reply = take();
            if (reply != null) {
                return reply;
            }
            reply = request(nanos, Op.RECEIVE_AHEAD, Op.TRY_RECEIVE, Message.NOTHING);
            if (reply.outcome() == Outcome.AHEAD) {
                elements = buffer(reply.payload());
                prefetch = link.prefetch(elements.getInt());
                lent = elements.getInt();
                taken = 0;
                return next();
            }
            return reply;
        } finally {
            receiving.unlock();
        }
    }

    private @Nullable Reply take() {
        RevocableCount count = prefetch;
        if (count == null || taken == lent) {
            return null;
        }
        if (!count.count(taken)) {
            lent = taken; // they were recalled
            return null;
        }
        taken++;
        if (count.takeCall()) {
            link.send(new Took(channel));
        }
        return next();
    }

    private Reply next() {
        byte[] element = new byte[elements.getInt()];
        elements.get(element);
        return new Reply(0, Outcome.DONE, 0, element);
    }

    // ---- both

    private Reply request(long nanos, Op waiting, Op trying, byte[] element) throws InterruptedException {
        return nanos == 0 ? client.ask(trying, channel, element) : client.await(waiting, channel, element, nanos);
    }

    private static ByteBuffer buffer(byte[] payload) {
        return ByteBuffer.wrap(payload).order(ByteOrder.nativeOrder());
    }

    // ---- the payloads, for the parent

    /** {@return the payload of an answer with credit} */
    static byte[] credit(int lease, int granted) {
        byte[] payload = new byte[2 * Integer.BYTES];
        buffer(payload).putInt(lease).putInt(granted);
        return payload;
    }

    /** {@return the payload of an answer with elements} */
    static byte[] elements(int lease, byte[] received, List<byte[]> lent) {
        int length = 3 * Integer.BYTES + received.length;
        for (byte[] element : lent) {
            length += Integer.BYTES + element.length;
        }
        byte[] payload = new byte[length];
        ByteBuffer out = buffer(payload);
        out.putInt(lease).putInt(lent.size()).putInt(received.length).put(received);
        for (byte[] element : lent) {
            out.putInt(element.length).put(element);
        }
        return payload;
    }
}
