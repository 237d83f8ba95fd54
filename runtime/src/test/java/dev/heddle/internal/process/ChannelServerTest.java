package dev.heddle.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.ChannelClosedException;
import dev.heddle.Overflow;
import dev.heddle.Received;
import dev.heddle.internal.channel.QueueChannel;
import dev.heddle.internal.process.Message.Op;
import dev.heddle.internal.process.Message.Outcome;
import dev.heddle.internal.process.Message.Reply;
import dev.heddle.internal.process.Message.Request;
import dev.heddle.internal.process.Payload.Role;
import dev.heddle.testing.HeddleTest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The parent's side of a worker's requests, without a worker: what is asked may be anything. */
class ChannelServerTest extends HeddleTest {
    private static final long A = 1;
    private static final long B = 2;
    private static final long UNKNOWN = 3;

    private final MemorySegment memory = Arena.ofAuto().allocate(Link.bytes(), 4096);
    private final Link parent = new Link(memory, true, Doorbell.Kind.POLLING);
    private final Link worker = new Link(memory, false, Doorbell.Kind.POLLING);

    private final Map<Long, ProcessChannel<String>> channels = new HashMap<>();
    private ChannelServer server = server();

    private ChannelServer server() {
        return new ChannelServer(parent, channels::get, "worker-1");
    }

    private Channel<String> channel(long number, int capacity, Overflow overflow) {
        ProcessChannel<String> channel = new ProcessChannel<>(new ChannelHandle(0, number, capacity, overflow), null);
        channels.put(number, channel);
        return channel;
    }

    private Channel<String> channel(long number, int capacity) {
        return channel(number, capacity, Overflow.BLOCK);
    }

    /** {@return whether anybody is in the channel's queues, even if it cannot be served any more} */
    private static boolean hasWaiters(Channel<?> channel) {
        try {
            Object queue = field(ProcessChannel.class, "queue").get(channel);
            Field first = field(Class.forName("dev.heddle.internal.channel.WaiterQueue"), "first");
            return first.get(field(QueueChannel.class, "senders").get(queue)) != null
                    || first.get(field(QueueChannel.class, "receivers").get(queue)) != null;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static Field field(Class<?> type, String name) throws NoSuchFieldException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    private static byte[] element(String text) {
        return Payload.write(text, Role.ELEMENT);
    }

    private static byte[] receive(long channel) {
        return operation(channel, -1);
    }

    private static byte[] send(long channel, String text) {
        byte[] element = element(text);
        return join(operation(channel, element.length), element);
    }

    private static byte[] operation(long channel, int length) {
        return ByteBuffer.allocate(12).putLong(channel).putInt(length).array();
    }

    private static byte[] join(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    private void select(long request, byte[]... operations) {
        server.serve(new Request(Op.SELECT, request, request, join(operations)));
    }

    private List<Reply> answers() {
        List<Reply> answers = new ArrayList<>();
        worker.serve(message -> answers.add((Reply) message));
        return answers;
    }

    private Reply answer() {
        List<Reply> answers = answers();
        assertThat(answers).hasSize(1);
        return answers.getFirst();
    }

    private static String words(Reply reply) {
        String words = reply.request() + " " + reply.outcome() + " " + reply.number();
        if (reply.payload().length == 0) {
            return words;
        }
        return words + " "
                + (reply.outcome() == Outcome.CLOSED
                        ? RemoteFailure.read(reply.payload(), true, "here").getMessage()
                        : Payload.read(reply.payload(), Role.ELEMENT, true));
    }

    // ---- every order of events

    private enum Step {
        SELECT,
        TRY_SELECT,
        CANCEL,
        SEND_TO_A,
        RECEIVE_FROM_B,
        CLOSE_A,
        CLOSE_B,
        DIE
    }

    /** What selects among a receive from A and a send to B come to, in the simplest way there is. */
    private static final class Model {
        final Deque<Long> waiting = new ArrayDeque<>();
        final List<String> answers = new ArrayList<>();
        boolean closedA;
        boolean closedB;

        void select(long request, boolean waits) {
            if (closedA || closedB) {
                answers.add(request + (closedA ? closedB ? " CLOSED ?" : " CLOSED 0 a" : " CLOSED 1"));
            } else if (waits) {
                waiting.add(request);
            } else {
                answers.add(request + " NOT_DONE 0");
            }
        }

        void endAll(String how) {
            waiting.forEach(request -> answers.add(request + how));
            waiting.clear();
        }
    }

    @Test
    void oneAnswerInEveryOrderOfEvents() {
        int depth = 5;
        int steps = Step.values().length;
        for (int code = 0; code < Math.pow(steps, depth); code++) {
            List<Step> sequence = new ArrayList<>();
            for (int i = 0, rest = code; i < depth; i++, rest /= steps) {
                sequence.add(Step.values()[rest % steps]);
            }
            try {
                play(sequence);
            } catch (AssertionError e) {
                throw new AssertionError("in " + sequence, e);
            }
        }
    }

    private void play(List<Step> sequence) {
        Channel<String> a = channel(A, 0);
        Channel<String> b = channel(B, 0);
        server = server();
        Model model = new Model();
        long requests = 0;
        boolean dead = false;
        boolean gaveUp = false;
        for (Step step : sequence) {
            if (dead && step.compareTo(Step.SEND_TO_A) < 0) {
                continue; // it asks nothing any more
            }
            switch (step) {
                case SELECT, TRY_SELECT -> {
                    requests++;
                    boolean waits = step == Step.SELECT;
                    byte[] operations = join(receive(A), send(B, "from " + requests));
                    server.serve(new Request(waits ? Op.SELECT : Op.TRY_SELECT, requests, requests, operations));
                    model.select(requests, waits);
                }
                case CANCEL -> {
                    server.cancel(requests);
                    if (model.waiting.remove(requests)) {
                        model.answers.add(requests + " NOT_DONE 0");
                    }
                }
                case SEND_TO_A -> {
                    if (!model.closedA) {
                        Long first = model.waiting.poll();
                        assertThat(a.trySend("x")).isEqualTo(first != null);
                        if (first != null) {
                            model.answers.add(first + " DONE 0 x");
                        }
                    }
                }
                case RECEIVE_FROM_B -> {
                    if (!model.closedB) {
                        Long first = model.waiting.poll();
                        if (first == null) {
                            assertThat(b.tryReceive()).isInstanceOf(Received.Empty.class);
                        } else {
                            assertThat(b.tryReceive()).isEqualTo(new Received.Element<>("from " + first));
                            model.answers.add(first + " DONE 1");
                        }
                    }
                }
                case CLOSE_A -> {
                    a.close(new IOException("a"));
                    model.closedA = true;
                    model.endAll(" CLOSED 0 a");
                }
                case CLOSE_B -> {
                    b.close();
                    model.closedB = true;
                    model.endAll(" CLOSED 1");
                }
                case DIE -> {
                    server.cancelAll();
                    dead = true;
                    model.waiting.clear();
                }
            }
            assertThat(hasWaiters(a)).isEqualTo(!model.waiting.isEmpty());
            assertThat(hasWaiters(b)).isEqualTo(!model.waiting.isEmpty());
            gaveUp |= step == Step.CANCEL;
            if (!dead && !gaveUp) { // who has given up counts as waiting for a while
                assertThat(server.waitingNanos() > 0).as("seen to wait").isEqualTo(!model.waiting.isEmpty());
            }
        }
        server.close();
        assertThat(hasWaiters(a) || hasWaiters(b)).as("no waiter is left").isFalse();
        assertThat(answers().stream().map(ChannelServerTest::words).sorted().toList())
                .usingElementComparator((is, expected) -> {
                    boolean either = expected.endsWith("?") && is.startsWith(expected.replace(" ?", ""));
                    return either ? 0 : is.compareTo(expected);
                })
                .isEqualTo(model.answers.stream().sorted().toList());
    }

    /** The cancel meets the threads that complete the select, at two channels at once. */
    @Test
    void oneAnswerWhereThreadsRace() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("ChannelServerTest seed " + seed);
        Random random = new Random(seed);
        List<Channel<String>> both = List.of(channel(A, 0), channel(B, 0));
        List<Thread> senders = new ArrayList<>();
        AtomicBoolean over = new AtomicBoolean();
        List<List<String>> sent = List.of(new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < 2; i++) {
            int side = i;
            senders.add(spawn(() -> {
                for (int next = 0; !over.get(); ) {
                    if (both.get(side).trySend("x" + next)) {
                        sent.get(side).add("x" + next++);
                    }
                }
            }));
        }
        List<List<String>> got = List.of(new ArrayList<>(), new ArrayList<>());
        int notDone = 0;
        for (int request = 1; request <= 20_000; request++) {
            select(request, receive(A), receive(B));
            for (int spins = random.nextInt(200); spins > 0; spins--) {
                Thread.onSpinWait();
            }
            server.cancel(request);
            List<Reply> answers = answers();
            while (answers.isEmpty()) { // by a thread that was first
                Thread.onSpinWait();
                answers = answers();
            }
            assertThat(answers).hasSize(1);
            Reply answer = answers.getFirst();
            assertThat(answer.request()).isEqualTo(request);
            if (answer.outcome() == Outcome.DONE) {
                got.get(answer.number()).add((String) Payload.read(answer.payload(), Role.ELEMENT, true));
            } else {
                notDone++;
            }
        }
        over.set(true);
        for (Thread sender : senders) {
            sender.join();
        }
        assertThat(got).as("seed " + seed).isEqualTo(sent);
        assertThat(notDone).as("both happen").isBetween(1, 19_999);
        assertThat(answers()).isEmpty();
    }

    // ---- what a select does

    @Test
    void amongWhatIsPossibleTheSeedDecides() {
        int[] chosen = new int[2];
        for (int seed = 0; seed < 400; seed++) {
            int[] choices = new int[2];
            for (int i = 0; i < 2; i++) {
                channel(A, 1);
                channel(B, 1);
                server.serve(new Request(Op.SELECT, 1, seed, join(send(A, "x"), send(B, "x"))));
                choices[i] = answer().number();
                assertThat(channels.get(choices[i] == 0 ? A : B).size()).isEqualTo(1);
                assertThat(channels.get(choices[i] == 0 ? B : A).size()).isZero();
            }
            assertThat(choices[0]).as("again").isEqualTo(choices[1]);
            chosen[choices[0]]++;
        }
        assertThat(chosen[0]).isBetween(140, 260); // six standard deviations
    }

    @Test
    void oneChannelMayBeThereTwice() {
        Channel<String> a = channel(A, 0);
        select(1, receive(A), send(A, "mine"), receive(A));
        assertThat(answers()).as("it does not meet itself").isEmpty();
        assertThat(a.tryReceive()).isEqualTo(new Received.Element<>("mine"));
        assertThat(words(answer())).isEqualTo("1 DONE 1");
        assertThat(hasWaiters(a)).isFalse();
    }

    @Test
    void twoSelectsOfAWorkerMeet() {
        channel(A, 0);
        channel(B, 0);
        select(1, receive(A), receive(B));
        select(2, send(B, "x"), receive(A));
        assertThat(answers()).extracting(ChannelServerTest::words).containsExactlyInAnyOrder("1 DONE 1 x", "2 DONE 0");
    }

    @Test
    void overflowInASelect() throws Exception {
        Channel<String> newest = channel(A, 1, Overflow.DROP_NEWEST);
        newest.send("old");
        select(1, send(A, "new"));
        assertThat(words(answer())).isEqualTo("1 DROPPED 0");
        assertThat(newest.receive()).isEqualTo("old");

        Channel<String> fails = channel(B, 1, Overflow.FAIL);
        fails.send("old");
        select(2, send(B, "new"));
        assertThat(answers()).as("it waits for room").isEmpty();
        assertThat(fails.receive()).isEqualTo("old");
        assertThat(words(answer())).isEqualTo("2 DONE 0");
        assertThat(fails.receive()).isEqualTo("new");
    }

    @Test
    void whoeverSelectsAgainAndAgainIsSeenToWait() throws Exception {
        Channel<String> a = channel(A, 0);
        long start = System.nanoTime();
        for (int request = 1; request < 50; request++) {
            select(request, receive(A));
            Thread.sleep(1);
            server.cancel(request);
        }
        long waited = server.waitingNanos();
        if (System.nanoTime() - start < 500_000_000) { // else there may have been a pause of more than the grace
            assertThat(waited).isGreaterThan(10_000_000);
        }
        select(100, receive(A));
        assertThat(a.trySend("x")).isTrue();
        assertThat(server.waitingNanos()).isZero();
        assertThat(answers()).hasSize(50);
    }

    // ---- what no worker of ours asks

    private void refuses(Request request, String why) {
        assertThatThrownBy(() -> server.serve(request))
                .isInstanceOf(CorruptFrameException.class)
                .hasMessageContaining(why);
        assertThat(answers()).isEmpty();
        assertThat(channels.values()).allMatch(channel -> channel.size() == 0);
    }

    @ParameterizedTest
    @EnumSource(Op.class)
    void aChannelThatItWasNeverGiven(Op op) {
        channel(A, 10);
        byte[] payload = op == Op.SELECT || op == Op.TRY_SELECT ? join(send(A, "x"), receive(UNKNOWN)) : element("x");
        refuses(new Request(op, 1, UNKNOWN, payload), "channel 3, which it was never given");
    }

    @ParameterizedTest
    @EnumSource(
            value = Op.class,
            names = {"SELECT", "TRY_SELECT"})
    void aSelectThatIsCutOff(Op op) {
        channel(A, 10);
        channel(B, 10);
        byte[] first = send(A, "x");
        byte[] whole = join(first, receive(A), send(B, "y"));
        for (int length = 0; length < whole.length; length++) {
            if (length != first.length && length != first.length + 12) { // there it is one with fewer operations
                refuses(new Request(op, 1, 0, Arrays.copyOf(whole, length)), "of a select cannot have");
            }
        }
        assertThat(server.waitingNanos()).isZero();
        server.serve(new Request(op, 1, 0, whole));
        assertThat(answer().outcome()).isEqualTo(Outcome.DONE);
    }

    @Test
    void anElementOfAWrongLength() {
        channel(A, 10);
        for (int length : new int[] {Integer.MIN_VALUE, -2, 6, Integer.MAX_VALUE}) {
            byte[] operations = join(send(A, "x"), operation(A, length), new byte[5]);
            refuses(new Request(Op.SELECT, 1, 0, operations), "an element of a select cannot have " + length);
        }
    }

    @Test
    void tooManyOperations() {
        Channel<String> a = channel(A, 0);
        byte[] most = new byte[12 * SelectPayload.OPERATIONS_MAX];
        ByteBuffer operations = ByteBuffer.wrap(most);
        while (operations.hasRemaining()) {
            operations.put(receive(A));
        }
        refuses(new Request(Op.SELECT, 1, 0, join(most, receive(A))), "more than 65536 operations");
        select(2, most);
        assertThat(a.trySend("x")).isTrue();
        assertThat(answer().outcome()).isEqualTo(Outcome.DONE);
        assertThat(hasWaiters(a)).isFalse();
    }

    @Test
    void twoRequestsOfOneNumber() {
        Channel<String> a = channel(A, 0);
        channel(B, 10);
        select(1, receive(A));
        for (Op op : new Op[] {Op.SELECT, Op.SEND}) {
            byte[] payload = op == Op.SELECT ? send(B, "x") : element("x");
            refuses(new Request(op, 1, B, payload), "two requests with the number 1");
        }
        server.serve(new Request(Op.TRY_RECEIVE, 1, B, Message.NOTHING));
        assertThat(words(answer())).as("it does not wait").isEqualTo("1 NOT_DONE 0");
        assertThat(a.trySend("x")).isTrue();
        assertThat(words(answer())).as("the first stands").isEqualTo("1 DONE 0 x");
        select(2, receive(A));
        server.serve(new Request(Op.TRY_RECEIVE, 2, B, Message.NOTHING));
        assertThat(words(answer())).isEqualTo("2 NOT_DONE 0");
        server.cancel(2);
        assertThat(words(answer())).isEqualTo("2 NOT_DONE 0");
        assertThat(hasWaiters(a)).isFalse();
    }

    @Test
    void cancelsOfNothing() {
        Channel<String> a = channel(A, 0);
        server.cancel(1);
        select(1, receive(A));
        server.cancel(2);
        server.cancel(-1);
        assertThat(answers()).isEmpty();
        assertThat(a.trySend("x")).isTrue();
        server.cancel(1);
        assertThat(words(answer())).isEqualTo("1 DONE 0 x");
    }

    @Test
    void noiseIsRefusedOrDoneInWhole() {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("ChannelServerTest seed " + seed);
        Random random = new Random(seed);
        channel(A, 1);
        channel(B, 0);
        byte[] whole = join(send(A, "x"), receive(B), send(B, "y"), receive(A));
        int refused = 0;
        for (int request = 1; request <= 20_000; request++) {
            byte[] noise = whole.clone();
            for (int spoilt = random.nextInt(4); spoilt > 0; spoilt--) {
                noise[random.nextInt(noise.length)] = (byte) random.nextInt(256);
            }
            try {
                select(request, noise);
                server.cancel(request);
                assertThat(answer().request()).isEqualTo(request);
            } catch (CorruptFrameException e) {
                refused++;
                assertThat(answers()).isEmpty();
            }
        }
        assertThat(refused).isBetween(1, 19_999);
        server.cancelAll();
        assertThat(channels.values()).noneMatch(ChannelServerTest::hasWaiters);
    }

    @Test
    void aClosedChannelTellsItsCause() {
        Channel<String> a = channel(A, 1);
        byte[] cause = RemoteFailure.write(new IOException("out of paper"));
        server.serve(new Request(Op.CLOSE, 1, A, cause));
        assertThat(words(answer())).isEqualTo("1 DONE 0");
        assertThatThrownBy(() -> a.send("x"))
                .isInstanceOf(ChannelClosedException.class)
                .hasRootCauseMessage("out of paper");
        select(2, receive(A));
        assertThat(words(answer())).isEqualTo("2 CLOSED 0 out of paper");
    }
}
