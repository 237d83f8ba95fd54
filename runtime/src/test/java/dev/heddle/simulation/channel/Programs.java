package dev.heddle.simulation.channel;

import dev.heddle.simulation.channel.Program.Clause;
import dev.heddle.simulation.channel.Program.Close;
import dev.heddle.simulation.channel.Program.Form;
import dev.heddle.simulation.channel.Program.Interrupt;
import dev.heddle.simulation.channel.Program.Kind;
import dev.heddle.simulation.channel.Program.Operation;
import dev.heddle.simulation.channel.Program.Overflow;
import dev.heddle.simulation.channel.Program.Pass;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Kinds of programs: all of a size, or some. */
enum Programs {
    /** All verbs, at one channel. */
    ONE_CHANNEL {
        @Override
        List<List<Kind>> channels() {
            return List.of(blocking(0), blocking(1), blocking(2));
        }

        @Override
        List<Template> operations() {
            return Stream.concat(passes(List.of(Way.SEND_0), List.of(Way.RECEIVE_0)), Stream.of(CLOSE_0, INTERRUPT))
                    .toList();
        }
    },

    /** What a sender does who finds no room. */
    OVERFLOW {
        @Override
        List<List<Kind>> channels() {
            return Stream.of(Overflow.DROP_OLDEST, Overflow.DROP_NEWEST, Overflow.FAIL)
                    .map(overflow -> List.of(
                            new Kind(overflow == Overflow.DROP_OLDEST ? 2 : 1, overflow), new Kind(0, Overflow.BLOCK)))
                    .toList();
        }

        @Override
        List<Template> operations() {
            return Stream.concat(
                            passes(List.of(Way.SEND_0), List.of(Way.RECEIVE_0), List.of(Way.SEND_0, Way.RECEIVE_1)),
                            Stream.of(CLOSE_0))
                    .toList();
        }
    },

    /** Selects at two channels, and all verbs. */
    SELECTS {
        @Override
        List<List<Kind>> channels() {
            return List.of(blocking(0, 0), blocking(0, 1), blocking(1, 0), blocking(1, 1));
        }

        @Override
        List<Template> operations() {
            return Stream.concat(
                            passes(
                                    List.of(Way.SEND_0, Way.RECEIVE_1),
                                    List.of(Way.RECEIVE_0, Way.SEND_1),
                                    List.of(Way.SEND_0, Way.SEND_1),
                                    List.of(Way.RECEIVE_0, Way.RECEIVE_1),
                                    List.of(Way.SEND_0, Way.RECEIVE_0),
                                    List.of(Way.SEND_0),
                                    List.of(Way.RECEIVE_0),
                                    List.of(Way.SEND_1),
                                    List.of(Way.RECEIVE_1)),
                            Stream.of(CLOSE_0, CLOSE_1, INTERRUPT))
                    .toList();
        }
    };

    private static final long UNIT_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

    /** An operation of whichever thread. */
    interface Template {
        /** @param element to send, or to close for */
        Operation of(int thread, int element, int threads);
    }

    private static final Template CLOSE_0 = (thread, element, threads) -> new Close(0, element);
    private static final Template CLOSE_1 = (thread, element, threads) -> new Close(1, element);
    private static final Template INTERRUPT = (thread, element, threads) -> new Interrupt((thread + 1) % threads);

    private enum Way {
        SEND_0(0, true),
        RECEIVE_0(0, false),
        SEND_1(1, true),
        RECEIVE_1(1, false);

        private final int channel;
        private final boolean sends;

        Way(int channel, boolean sends) {
            this.channel = channel;
            this.sends = sends;
        }

        Clause clause(int element) {
            return new Clause(channel, sends ? element + channel : 0);
        }
    }

    /** {@return which channels a program may have} */
    abstract List<List<Kind>> channels();

    /** {@return what a thread may do} */
    abstract List<Template> operations();

    private static List<Kind> blocking(Integer... capacities) {
        return Stream.of(capacities)
                .map(capacity -> new Kind(capacity, Overflow.BLOCK))
                .toList();
    }

    /** {@return what can be done in each of these ways: without a wait, for some time, for ever} */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    private static Stream<Template> passes(List<Way>... ways) {
        return Stream.of(Form.values())
                .flatMap(form -> Stream.of(ways)
                        .map(some -> (thread, element, threads) -> new Pass(
                                form,
                                form == Form.FOR_SOME_TIME ? (thread + 1) * UNIT_NANOS : 0,
                                some.stream().map(way -> way.clause(element)).toList())));
    }

    /** {@return how many programs of a size there are} */
    double count(int threads, int operations) {
        return Math.pow(operations().size(), threads * operations) * channels().size();
    }

    /** {@return the programs of a size} */
    Iterator<Program> all(int threads, int operations) {
        return IntStream.range(0, (int) count(threads, operations))
                .mapToObj(number -> {
                    int[] rest = {number};
                    return make(threads, operations, bound -> {
                        int digit = rest[0] % bound;
                        rest[0] /= bound;
                        return digit;
                    });
                })
                .iterator();
    }

    /** {@return programs of a size, without end} */
    Iterator<Program> some(int threads, int operations, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return Stream.generate(() -> make(threads, operations, random::nextInt)).iterator();
    }

    private Program make(int threads, int operations, IntUnaryOperator choice) {
        List<List<Kind>> channels = channels();
        List<Template> templates = operations();
        List<Kind> kinds = channels.get(choice.applyAsInt(channels.size()));
        List<List<Operation>> all = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            List<Operation> own = new ArrayList<>();
            for (int i = 0; i < operations; i++) {
                int element = 100 * (thread + 1) + 10 * i;
                own.add(templates.get(choice.applyAsInt(templates.size())).of(thread, element, threads));
            }
            all.add(own);
        }
        return new Program(kinds, all);
    }

    // ---- by hand

    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    static Program program(List<Integer> capacities, List<Operation>... threads) {
        return new Program(blocking(capacities.toArray(Integer[]::new)), List.of(threads));
    }

    static Pass send(int channel, int element) {
        return new Pass(Form.FOR_EVER, 0, List.of(new Clause(channel, element)));
    }

    static Pass receive(int channel) {
        return new Pass(Form.FOR_EVER, 0, List.of(new Clause(channel, 0)));
    }

    static Pass select(Pass... ways) {
        return new Pass(
                Form.FOR_EVER,
                0,
                Stream.of(ways).flatMap(pass -> pass.clauses().stream()).toList());
    }

    static Pass within(long nanos, Pass pass) {
        return new Pass(Form.FOR_SOME_TIME, nanos, pass.clauses());
    }

    static Pass tryTo(Pass pass) {
        return new Pass(Form.NOT, 0, pass.clauses());
    }

    static Operation close(int channel, int cause) {
        return new Close(channel, cause);
    }
}
