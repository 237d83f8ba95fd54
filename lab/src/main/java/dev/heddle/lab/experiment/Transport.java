package dev.heddle.lab.experiment;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Pipe;
import dev.heddle.SharedLongs;
import dev.heddle.Sink;
import dev.heddle.Source;
import dev.heddle.Task;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Queues;
import dev.heddle.lab.Workload;
import dev.heddle.lab.WrongResultException;
import dev.heddle.lab.measure.Latencies;
import dev.heddle.lab.peer.Language;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Data handed from one process to another: through a queue, a pipe, and shared memory; and the time of a round trip. */
final class Transport implements Experiment {
    private static final long QUEUE = 1;
    private static final long PIPE = 2;
    private static final long MEMORY = 3;
    private static final int TRIPS = 200;
    private static final List<String> WAYS = List.of("queue", "pipe", "shared memory");

    private static final Quantity PER_MESSAGE = new Quantity("nanos per message", Unit.TIME);
    private static final Quantity TRIP = new Quantity("round trip", Unit.TIME);

    @Override
    public Question question() {
        return Question.Q7;
    }

    @Override
    public String name() {
        return "transport";
    }

    @Override
    public String measures() {
        return "messages of 8 KiB from one process to another, which adds up what is in them, and round trips of one number";
    }

    private static long longs() {
        return 1_024;
    }

    @Override
    public List<Cell> cells(Scale scale) {
        long messages = scale.pick(20, 5_000, 20_000);
        long sum = longs() * messages * (messages - 1) / 2;
        List<Cell> cells = new ArrayList<>();
        for (long way = QUEUE; way <= MEMORY; way++) {
            String name = WAYS.get((int) way - 1);
            cells.add(HeddleWork.cell(name, Work.class, Model.PROCESS, 2, way, messages, longs()));
            cells.add(PeerWork.cell("Python " + name, Language.PYTHON, "transport", () -> sum, way, messages, longs()));
        }
        return cells;
    }

    /** The two ends. */
    public static final class Work implements Workload {
        @Override
        public String describe() {
            return "MESSAGES of so many LONGS in a WAY";
        }

        @Override
        public Outcome run(Heddle h, Args args) throws Exception {
            int way = (int) args.number(0, "WAY", QUEUE);
            long messages = args.number(1, "MESSAGES", 1);
            int longs = (int) args.number(2, "LONGS", 1);
            Ends ends = ends(h, way, longs);
            // The answer comes by a channel in any case, so that sender and receiver end when all has arrived.
            Channel<Long> answers = h.channel(1);
            Task<?> receiver = h.start(() -> ends.receiveAll(messages, answers));
            Task<long[]> sender = h.start(() -> ends.sendAll(messages, longs, answers));
            long[] found = sender.join();
            receiver.join();
            long expected = longs * messages * (messages - 1) / 2;
            if (found[0] != expected) {
                throw new WrongResultException("the sum should be " + expected + ", and is " + found[0]);
            }
            long[] trips = Arrays.copyOfRange(found, 2, found.length);
            Arrays.sort(trips);
            return Outcome.of(PER_MESSAGE.name(), found[1] / messages)
                    .with(TRIP.name(), trips[trips.length / 2])
                    .withLatencies(trips);
        }

        private static Ends ends(Heddle h, int way, int longs) {
            if (way == QUEUE) {
                Channel<long[]> there = Queues.watch("messages", h.channel(64));
                Channel<long[]> back = h.channel(64);
                return new Carried(there, there, back, back);
            }
            if (way == PIPE) {
                Pipe<long[]> there = h.pipe();
                Pipe<long[]> back = h.pipe();
                return new Carried(there, there, back, back);
            }
            return new Written(h.sharedLongs(longs + 1L));
        }
    }

    /** How the two are connected; goes to both. */
    private sealed interface Ends extends java.io.Serializable {
        void receiveAll(long messages, Sink<Long> answers) throws InterruptedException;

        /** {@return the answer, the time until it came, and the times of the round trips} */
        long[] sendAll(long messages, int longs, Source<Long> answers) throws InterruptedException;
    }

    /** Each message is sent. */
    private record Carried(Sink<long[]> send, Source<long[]> receive, Sink<long[]> reply, Source<long[]> replies)
            implements Ends {
        @Override
        public void receiveAll(long messages, Sink<Long> answers) throws InterruptedException {
            long sum = 0;
            for (long message = 0; message < messages; message++) {
                sum += Arrays.stream(receive.receive()).sum();
            }
            answers.send(sum);
            for (int trip = 0; trip < TRIPS; trip++) {
                reply.send(receive.receive());
            }
        }

        @Override
        public long[] sendAll(long messages, int longs, Source<Long> answers) throws InterruptedException {
            long[] found = new long[2 + TRIPS];
            long start = System.nanoTime();
            for (long message = 0; message < messages; message++) {
                long[] elements = new long[longs];
                Arrays.fill(elements, message);
                send.send(elements);
            }
            found[0] = answers.receive();
            found[1] = System.nanoTime() - start;
            long[] one = {1};
            for (int trip = 0; trip < TRIPS; trip++) {
                long began = System.nanoTime();
                send.send(one);
                replies.receive();
                found[2 + trip] = System.nanoTime() - began;
            }
            return found;
        }
    }

    /**
     * Each message is written to the same memory, and read from there. The last element says whose turn it is: even numbers
     * are the writer's, odd ones the reader's. Whoever waits looks again and again.
     */
    private record Written(SharedLongs memory) implements Ends {
        @Override
        public void receiveAll(long messages, Sink<Long> answers) throws InterruptedException {
            long last = memory.length() - 1;
            long sum = 0;
            for (long message = 0; message < messages; message++) {
                awaitTurn(2 * message + 1);
                for (long i = 0; i < last; i++) {
                    sum += memory.get(i);
                }
                memory.setRelease(last, 2 * message + 2);
            }
            answers.send(sum);
            for (long trip = messages; trip < messages + TRIPS; trip++) {
                awaitTurn(2 * trip + 1);
                memory.setRelease(last, 2 * trip + 2);
            }
        }

        @Override
        public long[] sendAll(long messages, int longs, Source<Long> answers) throws InterruptedException {
            long[] found = new long[2 + TRIPS];
            long start = System.nanoTime();
            for (long message = 0; message < messages; message++) {
                awaitTurn(2 * message);
                for (long i = 0; i < longs; i++) {
                    memory.set(i, message);
                }
                memory.setRelease(longs, 2 * message + 1);
            }
            found[0] = answers.receive();
            found[1] = System.nanoTime() - start;
            for (int trip = 0; trip < TRIPS; trip++) {
                long began = System.nanoTime();
                memory.setRelease(longs, 2 * (messages + trip) + 1);
                awaitTurn(2 * (messages + trip) + 2);
                found[2 + trip] = System.nanoTime() - began;
            }
            return found;
        }

        private void awaitTurn(long turn) {
            while (memory.getAcquire(memory.length() - 1) != turn) {
                Thread.yield();
            }
        }
    }

    @Override
    public Quantity quantity() {
        return PER_MESSAGE;
    }

    @Override
    public Answer judge(Findings findings) {
        long bytes = longs() * Long.BYTES;
        Sheet.Lines sheet = new Sheet.Lines("", "per message", "MiB/s", "round trip p50", "p99");
        for (Measured row : findings.rows()) {
            Optional<Estimate> each = perMessage(findings, row);
            if (each.isEmpty()) {
                sheet.add(row.label(), "-");
                continue;
            }
            Latencies trips = Latencies.merge(
                    row.samples().stream().map(sample -> sample.latencies()).toList());
            sheet.add(
                    row.label(),
                    each.get().text(),
                    Unit.COUNT.text(bytes / each.get().value() * 1e9 / (1 << 20)),
                    Unit.TIME.text((double) trips.quantile(0.50)),
                    Unit.TIME.text((double) trips.quantile(0.99)));
        }
        return new Answer(
                sentences(findings),
                List.of(),
                sheet.done(),
                Picture.strip(findings, PER_MESSAGE, "Time per message of 8 KiB"));
    }

    private static Optional<Estimate> perMessage(Findings findings, Measured row) {
        return findings.median(row, PER_MESSAGE);
    }

    private static String sentences(Findings findings) {
        List<String> heddle = new ArrayList<>();
        List<String> python = new ArrayList<>();
        for (String way : WAYS) {
            findings.median("PROCESS " + way, PER_MESSAGE).ifPresent(e -> heddle.add(way + " " + e.text()));
            findings.median("Python " + way, PER_MESSAGE).ifPresent(e -> python.add(way + " " + e.text()));
        }
        String said = "Processes share by sending, or by shared memory: a message of 8 KiB took, under PROCESS, "
                + Phrases.list(heddle) + "; in CPython's multiprocessing " + Phrases.list(python) + ".";
        Optional<Estimate> gain = findings.ratio("PROCESS queue", "PROCESS shared memory", PER_MESSAGE);
        if (gain.isPresent()) {
            said += gain.get().isAbove(1)
                    ? " Shared memory was " + gain.get().withInterval()
                            + " times as fast as the queue, and what is written there is nobody's but the programmer's to guard."
                    : " No gain of shared memory over the queue was shown.";
        }
        return said;
    }

    @Override
    public String howToRead() {
        return "Each point is the time per message in one run; lower is faster, and the axis may be logarithmic. A queue may be"
                + " used by many on both sides, a pipe by one on each; in shared memory nothing is copied, and nothing is"
                + " guarded either.";
    }
}
