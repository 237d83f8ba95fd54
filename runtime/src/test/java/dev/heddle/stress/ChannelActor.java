package dev.heddle.stress;

import dev.heddle.Channel;
import dev.heddle.ChannelClosedException;
import dev.heddle.ChannelFullException;
import dev.heddle.Heddle;
import dev.heddle.Overflow;
import dev.heddle.Received;
import dev.heddle.Select;
import dev.heddle.stress.ChannelLedger.Message;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One thread that sends and receives at random, and says to the ledger what it was told.
 *
 * <p>It waits without a limit for a send, or for a receive from all channels; never for a receive from some, which may have nothing
 * more to come. So there is always somebody for whom it waits, unless a wake-up is lost.
 */
final class ChannelActor {
    private static final int LONGEST_NANOS = 300_000;

    private final ChannelLedger ledger;
    private final List<Channel<Message>> channels;
    private final int number;
    private final SplittableRandom random;
    private int sequence;

    /** By channel and sender, the last message that was received: they come in order. */
    private final Map<Long, Integer> last = new HashMap<>();

    /** @param number different for all of a round */
    ChannelActor(ChannelLedger ledger, List<Channel<Message>> channels, int number, SplittableRandom random) {
        this.ledger = ledger;
        this.channels = channels;
        this.number = number;
        this.random = random;
    }

    // ---- what it does

    /** Sends one element, or tries to; may receive one instead. */
    void send() throws InterruptedException {
        Message message = ledger.message(number, sequence++);
        if (message == null) {
            Heddle.yield();
            return;
        }
        int place = random.nextInt(channels.size());
        Channel<Message> channel = channels.get(place);
        boolean blocks = channel.overflow() == Overflow.BLOCK;
        try {
            switch (random.nextInt(6)) {
                case 0 -> {
                    if (channel.trySend(message)) {
                        sent(message, place, true);
                    }
                }
                case 1 -> {
                    long limit = random.nextInt(LONGEST_NANOS);
                    long start = System.nanoTime();
                    if (channel.send(message, Duration.ofNanos(limit))) {
                        sent(message, place, true);
                    } else if (blocks) {
                        lasted("send", start, limit);
                    }
                }
                case 2 -> {
                    channel.send(message);
                    sent(message, place, false);
                }
                case 3 -> sendOrReceive(message).otherwise(() -> false).await();
                case 4 -> {
                    long limit = random.nextInt(LONGEST_NANOS);
                    long start = System.nanoTime();
                    sendOrReceive(message)
                            .timeout(Duration.ofNanos(limit), () -> lasted("select", start, limit))
                            .await();
                }
                default -> sendOrReceive(message).await();
            }
        } catch (ChannelClosedException | ChannelFullException e) {
            // it was not sent, and must not come
        }
        pause();
    }

    /** {@return a select of a few clauses; the first sends and is not left out} */
    private Select<Boolean> sendOrReceive(Message message) {
        Select<Boolean> select = new Select<>();
        int clauses = random.nextInt(1, 5);
        for (int i = 0; i < clauses; i++) {
            int place = random.nextInt(channels.size());
            Channel<Message> channel = channels.get(place);
            if (i == 0 || random.nextBoolean()) {
                select.send(channel, () -> message, () -> sent(message, place, false));
            } else {
                select.receive(channel, element -> received(element, place), cause -> true);
            }
            if (i > 0 && random.nextInt(4) == 0) {
                select.when(() -> false);
            }
        }
        return select;
    }

    /** Receives until all channels are at their end. */
    void receiveAll() {
        Select<Boolean> all = new Select<>();
        for (int i = 0; i < channels.size(); i++) {
            int place = i;
            all.receive(channels.get(i), element -> received(element, place), cause -> true);
        }
        while (all.isOpen()) {
            try {
                if (random.nextBoolean()) {
                    all.await();
                } else {
                    receive();
                }
            } catch (InterruptedException e) {
                // nothing was received; and again
            }
            pause();
        }
    }

    /** Receives one element, or tries to, and does not wait for long. */
    void receive() throws InterruptedException {
        int place = random.nextInt(channels.size());
        Channel<Message> channel = channels.get(place);
        long limit = random.nextInt(LONGEST_NANOS);
        long start = System.nanoTime();
        switch (random.nextInt(4)) {
            case 0 -> note(channel.tryReceive(), place);
            case 1 -> {
                Received<Message> received = channel.receive(Duration.ofNanos(limit));
                if (received instanceof Received.Empty) {
                    lasted("receive", start, limit);
                }
                note(received, place);
            }
            case 2 -> receiveFromSome().otherwise(() -> false).await();
            default ->
                receiveFromSome()
                        .timeout(Duration.ofNanos(limit), () -> lasted("select", start, limit))
                        .await();
        }
    }

    private Select<Boolean> receiveFromSome() {
        Select<Boolean> select = new Select<>();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            int place = random.nextInt(channels.size());
            select.receive(channels.get(place), element -> received(element, place), cause -> true);
        }
        return select;
    }

    /** Mostly nothing; a fiber must let others run now and then, and queues are to be full at times and empty at others. */
    private void pause() {
        int what = random.nextInt(64);
        if (what < 16) {
            Heddle.yield();
        } else if (what == 16) {
            long nanos = random.nextInt(50_000);
            for (long start = System.nanoTime(); System.nanoTime() - start < nanos; ) {
                Thread.onSpinWait();
            }
        }
    }

    // ---- what it was told

    private boolean sent(Message message, int place, boolean told) {
        ledger.sent(message, channels.get(place).overflow(), told);
        return true;
    }

    private void note(Received<Message> received, int place) {
        if (received instanceof Received.Element<Message>(Message message)) {
            received(message, place);
        }
    }

    private boolean received(Message message, int place) {
        ledger.received(message);
        Integer before = last.put((long) place << 32 | message.sender(), message.sequence());
        if (before != null && before >= message.sequence()) {
            throw new AssertionError(message + " came after number " + before + " of the same sender");
        }
        return true;
    }

    private static boolean lasted(String what, long start, long nanos) {
        long lasted = System.nanoTime() - start;
        if (lasted < nanos) {
            throw new AssertionError(what + " of " + nanos + " ns was over after " + lasted + " ns");
        }
        return false;
    }
}
