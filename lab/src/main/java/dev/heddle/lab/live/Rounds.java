package dev.heddle.lab.live;

import dev.heddle.Action;
import dev.heddle.Channel;
import dev.heddle.ChannelClosedException;
import dev.heddle.Heddle;
import java.util.Map;

/**
 * Messages that go round. There are as many of them as tasks, in one channel. In a round a task takes a message, computes for a
 * part of a millisecond, waits for the rest of it, and sends the message on; so a task can go on as long as there is a message,
 * whoever else runs or not. The time of a round is that from when its message was sent until it is sent on: a millisecond, and
 * what the message and the task had to wait for others.
 */
final class Rounds implements LiveWork {
    private final Pace pace;

    /** Each is when it was sent, of {@link System#nanoTime}, which on Linux all processes share. */
    private final Channel<Long> messages;

    Rounds(Heddle h, Pace pace) {
        this.pace = pace;
        this.messages = h.channel(Channel.UNLIMITED);
    }

    @Override
    public Action another() throws InterruptedException {
        messages.send(System.nanoTime()); // also for one whose message may be lost
        return new Messenger(pace, messages);
    }

    @Override
    public void stop() {
        messages.close();
    }

    @Override
    public Map<String, Long> figures() {
        return Map.of();
    }

    private record Messenger(Pace pace, Channel<Long> messages) implements Action {
        @Override
        public void run() throws InterruptedException {
            Board board = pace.board();
            long x = 1;
            try {
                while (!board.isStopped()) {
                    long sent = messages.receive();
                    if (board.takeSurplus()) {
                        return; // and the message is gone with it
                    }
                    x = pace.compute(x);
                    pace.rest();
                    long now = System.nanoTime();
                    board.count(now - sent);
                    messages.send(now);
                    Heddle.yield(); // a fiber that finds a message each time would have nobody else run
                }
            } catch (ChannelClosedException e) {
                return; // all is stopped
            }
        }
    }
}
