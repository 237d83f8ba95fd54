package dev.heddle.stress;

import static dev.heddle.testing.HeddleTest.eventually;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Overflow;
import dev.heddle.Received;
import dev.heddle.Stats;
import dev.heddle.Task;
import dev.heddle.stress.ChannelLedger.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Some channels, and those who use them for a while: tasks of three heddles that send, others that receive, many that soon end and
 * may be cancelled, and the owner of the fibers, which is the caller.
 *
 * <p>About half of them are interrupted again and again. The others are not, and towards the end nobody is: an interrupt would wake
 * up whoever waits though his wake-up was lost.
 */
final class ChannelStressRound {
    private static final int CHANNELS = 5;
    private static final int[] CAPACITIES = {0, 0, 1, 2, 7, Channel.UNLIMITED};

    private static final List<Overflow> POLICIES = List.of(Overflow.values());

    private final SplittableRandom random;
    private final List<Heddle> heddles = new ArrayList<>();
    private final List<Channel<Message>> channels = new ArrayList<>();
    private final ChannelLedger ledger = new ChannelLedger();
    private final AtomicInteger actors = new AtomicInteger();
    private int receivers;

    /** Those who are interrupted, the owner of the fibers among them. */
    private final List<Thread> victims = new CopyOnWriteArrayList<>(List.of(Thread.currentThread()));

    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean interrupting = true;
    private volatile boolean sending = true;

    /** What a task of the round does; what it throws is a failure of the round, except if it was interrupted. */
    @FunctionalInterface
    private interface Part {
        void play(ChannelActor actor) throws InterruptedException;
    }

    ChannelStressRound(SplittableRandom random) {
        this.random = random;
    }

    /** {@return how many elements were received} */
    long run() throws Exception {
        heddles.add(Heddle.open(Model.THREAD));
        heddles.add(Heddle.builder(Model.GREEN).processors(random.nextInt(1, 5)).open());
        heddles.add(Heddle.open(Model.FIBER));
        try {
            makeChannels();
            startReceivers();
            startSenders();
            SplittableRandom forInterrupter = random.split();
            Thread interrupter =
                    Thread.ofPlatform().daemon().name("interrupter").start(() -> interruptVictims(forInterrupter));
            actMyself(TimeUnit.MILLISECONDS.toNanos(random.nextInt(50, 400)));
            endInterrupts(interrupter);
            sending = false;
            eventually("all that sends has ended; " + this, () -> live() == receivers || !failures.isEmpty());
            channels.forEach(Channel::close);
            eventually("all that receives has ended; " + this, () -> live() == 0);
            return check();
        } finally {
            heddles.forEach(failures.isEmpty() ? Heddle::close : Heddle::shutdownNow);
        }
    }

    private void makeChannels() {
        for (int i = 0; i < CHANNELS; i++) {
            int capacity = CAPACITIES[random.nextInt(CAPACITIES.length)];
            Overflow overflow = Overflow.BLOCK;
            if (capacity > 0 && random.nextInt(3) == 0) {
                overflow = POLICIES.get(random.nextInt(POLICIES.size()));
            }
            channels.add(heddles.get(random.nextInt(heddles.size())).channel(capacity, overflow));
        }
    }

    private void startReceivers() {
        receivers = random.nextInt(1, 7);
        for (int i = 0; i < receivers; i++) {
            start(i > 0 && random.nextBoolean(), ChannelActor::receiveAll);
        }
    }

    private void startSenders() {
        for (int i = random.nextInt(1, 7); i > 0; i--) {
            start(random.nextBoolean(), actor -> {
                while (sending && !ledger.isFull()) {
                    try {
                        actor.send();
                    } catch (InterruptedException e) {
                        // what it had to send was not sent; and again
                    }
                }
            });
        }
    }

    private Task<?> start(boolean isVictim, Part part) {
        ChannelActor actor = newActor();
        return heddles.get(random.nextInt(heddles.size())).start(() -> {
            if (isVictim) {
                victims.add(Thread.currentThread());
            }
            try {
                part.play(actor);
            } catch (InterruptedException e) {
                // it ends here
            } catch (Throwable t) {
                failures.add(t);
            }
        });
    }

    private ChannelActor newActor() {
        return new ChannelActor(ledger, channels, actors.incrementAndGet(), random.split());
    }

    /** Uses the channels, too, starts tasks that soon end, cancels some, and closes a channel now and then. */
    private void actMyself(long nanos) {
        ChannelActor me = newActor();
        List<Task<?>> mayflies = new ArrayList<>();
        for (long start = System.nanoTime(); System.nanoTime() - start < nanos && failures.isEmpty(); ) {
            try {
                switch (random.nextInt(12)) {
                    case 0 -> mayflies.add(start(false, ChannelStressRound::liveBriefly));
                    case 1 -> {
                        if (!mayflies.isEmpty()) {
                            mayflies.remove(random.nextInt(mayflies.size())).cancel(random.nextInt(4) > 0);
                        }
                    }
                    case 2 -> {
                        if (random.nextInt(1_000) == 0) {
                            channels.get(random.nextInt(CHANNELS)).close(new IllegalStateException("at random"));
                        }
                    }
                    case 3, 4, 5, 6 -> me.receive();
                    default -> me.send();
                }
            } catch (InterruptedException e) {
                // nothing was done; and again
            }
        }
    }

    private static void liveBriefly(ChannelActor actor) throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            actor.send();
            actor.receive();
        }
    }

    private void interruptVictims(SplittableRandom choices) {
        while (interrupting) {
            victims.get(choices.nextInt(victims.size())).interrupt();
            if (choices.nextInt(16) == 0) {
                LockSupport.parkNanos(choices.nextInt(200_000));
            }
            for (int i = choices.nextInt(2_000); i > 0; i--) {
                Thread.onSpinWait();
            }
        }
    }

    private void endInterrupts(Thread interrupter) {
        interrupting = false;
        eventually("nobody interrupts any more", () -> !interrupter.isAlive());
        Thread.interrupted(); // of the owner
    }

    private long live() {
        long live = 0;
        for (Heddle heddle : heddles) {
            Stats stats = heddle.stats();
            live += stats.started() - stats.completed();
        }
        return live;
    }

    /** When all that used the channels has ended. */
    private long check() {
        for (Channel<Message> channel : channels) {
            if (!(channel.tryReceive() instanceof Received.Closed)) {
                failures.add(new AssertionError(
                        "something is left in " + channel + ", though all have received to its end"));
            }
        }
        long received = 0;
        try {
            received = ledger.check();
        } catch (AssertionError e) {
            failures.add(e);
        }
        Throwable first = failures.poll();
        if (first != null) {
            AssertionError report = new AssertionError("something is wrong with " + this, first);
            failures.forEach(report::addSuppressed);
            throw report;
        }
        return received;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(receivers + " receivers, channels:");
        for (Channel<Message> channel : channels) {
            text.append(' ').append(channel.capacity()).append(' ').append(channel.overflow());
        }
        return text.toString();
    }
}
