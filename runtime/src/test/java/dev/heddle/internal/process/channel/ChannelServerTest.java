package dev.heddle.internal.process.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.ChannelClosedException;
import dev.heddle.Overflow;
import dev.heddle.Received;
import dev.heddle.internal.process.form.Payload;
import dev.heddle.internal.process.form.Payload.Role;
import dev.heddle.internal.process.form.RemoteFailure;
import dev.heddle.internal.process.link.Message.Op;
import dev.heddle.internal.process.link.Message.Outcome;
import dev.heddle.internal.process.link.Message.Reply;
import dev.heddle.internal.process.link.Message.Request;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What a worker's requests come to, in the parent. */
class ChannelServerTest extends ServedRequests {
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
