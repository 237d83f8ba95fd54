package dev.heddle.internal.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.ChannelClosedException;
import dev.heddle.Overflow;
import dev.heddle.Received;
import dev.heddle.internal.channel.Waiter.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every short run of sends, receives, cancels and closes goes by the words of {@code Channel} and {@code Overflow}, written down
 * anew. A send that fails in a channel that is full is here one that waits, as it does in a select.
 */
class QueueChannelTest {
    private static final int STEPS = 6;

    private enum Step {
        SEND,
        RECEIVE,
        TRY_SEND,
        TRY_RECEIVE,
        OLDEST_GIVES_UP,
        NEWEST_GIVES_UP,
        CLOSE
    }

    /** A waiter, and what must have become of it. */
    private static final class Recorded extends Waiter<Integer> {
        final boolean sends;
        Outcome expected = Outcome.WAITING;
        Integer expectedElement;
        int woken;
        int expectedWoken;

        Recorded(boolean sends, Integer element) {
            super(element);
            this.sends = sends;
            this.expectedElement = element;
        }

        void end(Outcome outcome, boolean wasWaiting) {
            expected = outcome;
            expectedWoken = wasWaiting ? 1 : 0;
        }

        @Override
        protected void wake() {
            assertThat(outcome()).as("woken after the outcome is there").isNotEqualTo(Outcome.WAITING);
            woken++;
        }
    }

    /** A channel, in the simplest way there is. */
    private static final class Model {
        final int capacity;
        final Overflow overflow;
        final Deque<Integer> buffer = new ArrayDeque<>();
        final Deque<Recorded> senders = new ArrayDeque<>();
        final Deque<Recorded> receivers = new ArrayDeque<>();
        boolean closed;

        Model(int capacity, Overflow overflow) {
            this.capacity = capacity;
            this.overflow = overflow;
        }

        Outcome offer(int element) {
            if (closed) {
                return Outcome.CLOSED;
            }
            Recorded receiver = receivers.poll();
            if (receiver != null) {
                receiver.expectedElement = element;
                receiver.end(Outcome.DONE, true);
                return Outcome.DONE;
            }
            if (buffer.size() == capacity) {
                switch (overflow) {
                    case BLOCK, FAIL -> {
                        return Outcome.WAITING;
                    }
                    case DROP_NEWEST -> {
                        return Outcome.DROPPED;
                    }
                    case DROP_OLDEST -> buffer.remove();
                }
            }
            buffer.add(element);
            return Outcome.DONE;
        }

        Integer poll() {
            Recorded sender = senders.poll();
            if (sender != null) {
                sender.end(Outcome.DONE, true);
                buffer.add(sender.expectedElement);
            }
            return buffer.poll();
        }

        void close() {
            closed = true;
            for (Deque<Recorded> waiters : List.of(senders, receivers)) {
                waiters.forEach(waiter -> waiter.end(Outcome.CLOSED, true));
                waiters.clear();
            }
        }
    }

    @ParameterizedTest(name = "capacity {0}, {1}")
    @CsvSource({
        "0, BLOCK",
        "1, BLOCK",
        "2, BLOCK",
        "1, FAIL",
        "2, FAIL",
        "1, DROP_OLDEST",
        "2, DROP_OLDEST",
        "1, DROP_NEWEST",
        "2, DROP_NEWEST"
    })
    void everyShortRunGoesByTheWords(int capacity, Overflow overflow) {
        Step[] steps = new Step[STEPS];
        int runs = (int) Math.pow(Step.values().length, STEPS);
        for (int run = 0; run < runs; run++) {
            int rest = run;
            for (int i = 0; i < STEPS; i++) {
                steps[i] = Step.values()[rest % Step.values().length];
                rest /= Step.values().length;
            }
            try {
                replay(capacity, overflow, steps);
            } catch (AssertionError e) {
                throw new AssertionError("in the run " + Arrays.toString(steps), e);
            }
        }
    }

    private static void replay(int capacity, Overflow overflow, Step[] steps) {
        QueueChannel<Integer> channel = new QueueChannel<>(capacity, overflow);
        Model model = new Model(capacity, overflow);
        List<Recorded> all = new ArrayList<>();
        int element = 0;
        for (Step step : steps) {
            element++;
            switch (step) {
                case SEND -> {
                    Recorded sender = new Recorded(true, element);
                    all.add(sender);
                    sender.end(model.offer(element), false);
                    if (sender.expected == Outcome.WAITING) {
                        model.senders.add(sender);
                    }
                    check(channel.begin(sender) == sender.expected);
                }
                case RECEIVE -> {
                    Recorded receiver = new Recorded(false, null);
                    all.add(receiver);
                    receiver.expectedElement = model.poll();
                    if (receiver.expectedElement != null) {
                        receiver.end(Outcome.DONE, false);
                    } else if (model.closed) {
                        receiver.end(Outcome.CLOSED, false);
                    } else {
                        model.receivers.add(receiver);
                    }
                    check(channel.begin(receiver) == receiver.expected);
                }
                case TRY_SEND -> {
                    int sent = element;
                    Outcome expected = model.offer(element);
                    if (expected == Outcome.CLOSED) {
                        assertThatThrownBy(() -> channel.trySend(sent)).isInstanceOf(ChannelClosedException.class);
                    } else {
                        check(channel.trySend(sent) == (expected == Outcome.DONE));
                    }
                }
                case TRY_RECEIVE -> {
                    Integer expected = model.poll();
                    check(channel.tryReceive()
                            .equals(
                                    expected != null
                                            ? new Received.Element<>(expected)
                                            : model.closed ? new Received.Closed<>(null) : new Received.Empty<>()));
                }
                case OLDEST_GIVES_UP -> giveUp(channel, model, all.isEmpty() ? null : all.getFirst());
                case NEWEST_GIVES_UP -> giveUp(channel, model, all.isEmpty() ? null : all.getLast());
                case CLOSE -> {
                    model.close();
                    channel.close();
                }
            }
            for (Recorded waiter : all) {
                check(waiter.outcome() == waiter.expected);
                check(waiter.woken == waiter.expectedWoken);
                check(waiter.expected != Outcome.DONE || waiter.expectedElement.equals(waiter.element()));
            }
            check(channel.isClosed() == model.closed);
            check(channel.size() == model.buffer.size());
        }
    }

    private static void giveUp(QueueChannel<Integer> channel, Model model, Recorded waiter) {
        if (waiter != null) {
            boolean waited = (waiter.sends ? model.senders : model.receivers).remove(waiter);
            check(channel.cancel(waiter) == waited);
        }
    }

    /** Quicker than AssertJ, for millions of checks. */
    private static void check(boolean holds) {
        if (!holds) {
            throw new AssertionError("not by the words");
        }
    }
}
