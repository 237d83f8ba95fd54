package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.stress.PinnedFrame;
import dev.heddle.testing.HeddleTest;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A generator's body runs when an element is asked for, in the thread that asks, and unwinds when it is closed. */
class GeneratorTest extends HeddleTest {
    private static final ScopedValue<String> SCOPED = ScopedValue.newInstance();

    private final List<String> trace = new ArrayList<>();

    private static Generator<Integer> countTo(int end) {
        return Generator.of(out -> {
            for (int i = 0; i < end; i++) {
                out.yield(i);
            }
        });
    }

    // ---- elements

    @Test
    void theBodyRunsNoFurtherThanToTheElementThatIsAskedFor() {
        Generator<Integer> generator = Generator.of(out -> {
            for (int i = 0; i < 2; i++) {
                trace.add("makes " + i);
                out.yield(i);
            }
            trace.add("ends");
        });
        assertThat(trace).isEmpty();
        assertThat(generator.hasNext()).isTrue();
        assertThat(generator.hasNext()).as("again").isTrue();
        assertThat(trace).containsExactly("makes 0");
        assertThat(generator.next()).isZero();
        assertThat(trace).containsExactly("makes 0");
        assertThat(generator.next()).as("without hasNext").isEqualTo(1);
        assertThat(trace).containsExactly("makes 0", "makes 1");
        assertThat(generator.hasNext()).isFalse();
        assertThat(generator.hasNext()).as("again").isFalse();
        assertThat(trace).containsExactly("makes 0", "makes 1", "ends");
        assertThatThrownBy(generator::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void itStandsInALoopAndInAStream() {
        int sum = 0;
        for (int i : countTo(10)) {
            sum += i;
        }
        assertThat(sum).isEqualTo(45);
        try (Stream<Integer> naturals = countTo(Integer.MAX_VALUE).stream()) {
            assertThat(naturals.filter(i -> i % 7 == 3).limit(3)).containsExactly(3, 10, 17);
        }
        assertThat(Generator.of(out -> {}).hasNext()).isFalse();
        assertThat(Generator.<String>of(out -> out.yield(null)).next()).isNull();
    }

    private record Tree(Tree left, int value, Tree right) {
        static Tree of(int from, int to) {
            int middle = (from + to) >>> 1;
            return from == to ? null : new Tree(of(from, middle), middle, of(middle + 1, to));
        }

        Generator<Integer> inOrder() {
            return Generator.of(out -> {
                if (left != null) {
                    left.inOrder().forEachRemaining(out::yield);
                }
                out.yield(value);
                if (right != null) {
                    for (int each : right.inOrder()) {
                        out.yield(each);
                    }
                }
            });
        }

        /** With one generator for all. */
        void walk(Generator.Yielder<Integer> out) {
            if (left != null) {
                left.walk(out);
            }
            out.yield(value);
            if (right != null) {
                right.walk(out);
            }
        }
    }

    @Test
    void generatorsNestAndYieldFromDeepCalls() {
        Tree tree = Tree.of(0, 1_000);
        List<Integer> expected = countTo(1_000).stream().toList();
        assertThat(tree.inOrder().stream()).containsExactlyElementsOf(expected);
        assertThat(Generator.of(tree::walk).stream()).containsExactlyElementsOf(expected);
    }

    /** Both are paused then, and go on together. */
    @Test
    void theBodyOfAnInnerGeneratorMayYieldForTheOuterOne() {
        Generator<String> outer = Generator.of(out -> {
            Generator<Integer> inner = Generator.of(in -> {
                for (int i = 0; i < 3; i++) {
                    out.yield("from inside " + i);
                    in.yield(i);
                }
            });
            for (int i : inner) {
                out.yield("from outside " + i);
            }
        });
        assertThat(outer.stream())
                .containsExactly(
                        "from inside 0",
                        "from outside 0",
                        "from inside 1",
                        "from outside 1",
                        "from inside 2",
                        "from outside 2");
    }

    // ---- failures

    @Test
    void whatTheBodyThrowsComesWhereTheElementWasAskedFor() {
        Generator<Integer> unchecked = Generator.of(out -> {
            out.yield(1);
            throw new UnsupportedOperationException("torn");
        });
        assertThat(unchecked.next()).isEqualTo(1);
        assertThatThrownBy(unchecked::hasNext)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("torn");
        assertThat(unchecked.hasNext()).as("after the failure").isFalse();

        Generator<Integer> checked = Generator.of(out -> {
            throw new IOException("disk");
        });
        assertThatThrownBy(checked::next)
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("disk")
                .hasCauseInstanceOf(IOException.class);

        Generator<Integer> interrupted = Generator.of(out -> {
            Thread.sleep(LONG);
        });
        Thread.currentThread().interrupt();
        assertThatThrownBy(interrupted::next).hasCauseInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).as("stays interrupted").isTrue();

        Generator<Integer> error = Generator.of(out -> {
            throw new AssertionError("wrong");
        });
        assertThatThrownBy(error::next).isInstanceOf(AssertionError.class).hasMessage("wrong");
    }

    // ---- close

    private Generator<Integer> withFinally() {
        return Generator.of(out -> {
            try {
                for (int i = 0; ; i++) {
                    try {
                        out.yield(i);
                    } catch (Exception e) { // as code does that cares too much
                        trace.add("caught " + e);
                    }
                }
            } finally {
                trace.add("finally in " + Thread.currentThread().getName());
            }
        });
    }

    @Test
    void closeRunsTheFinallyBlocks() {
        Generator<Integer> generator = withFinally();
        try (generator) {
            assertThat(generator.next()).isZero();
            assertThat(generator.hasNext())
                    .as("which makes one that is not taken")
                    .isTrue();
        }
        assertThat(trace).containsExactly("finally in " + Thread.currentThread().getName());
        assertThat(generator.hasNext()).isFalse();
        assertThatThrownBy(generator::next).isInstanceOf(NoSuchElementException.class);
        generator.close();
        assertThat(trace).hasSize(1);
    }

    @Test
    void closingWhatHasNotBegunOrHasEndedDoesNothing() {
        Generator<Integer> neverBegun = withFinally();
        neverBegun.close();
        assertThat(neverBegun.hasNext()).isFalse();
        assertThat(trace).isEmpty();
        Generator<Integer> ended = countTo(1);
        assertThat(ended.next()).isZero();
        assertThat(ended.hasNext()).isFalse();
        ended.close();
    }

    @Test
    void aBodyThatGoesOnThoughItWasClosedIsAbandoned() {
        Generator<Integer> stubborn = Generator.of(out -> {
            while (true) {
                try {
                    out.yield(1);
                } catch (Throwable t) {
                    trace.add("caught " + t.getMessage());
                }
            }
        });
        assertThat(stubborn.next()).isEqualTo(1);
        assertThatThrownBy(stubborn::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has yielded once more");
        assertThat(trace).containsExactly("caught the generator is closed: let this pass");
        assertThat(stubborn.hasNext()).isFalse();
        stubborn.close();
    }

    @Test
    void whatAFinallyBlockThrowsComesFromClose() {
        Generator<Integer> generator = Generator.of(out -> {
            try {
                out.yield(1);
            } finally {
                Stream.of("disk").forEach(name -> {
                    throw new UnsupportedOperationException(name);
                });
            }
        });
        assertThat(generator.next()).isEqualTo(1);
        assertThatThrownBy(generator::close)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("disk");
    }

    @Test
    void nestedGeneratorsUnwindTogetherIfTheOuterBodyClosesTheInner() {
        Generator<Integer> outer = Generator.of(out -> {
            try (Generator<Integer> inner = withFinally()) {
                for (int i : inner) {
                    out.yield(i);
                }
            } finally {
                trace.add("outer");
            }
        });
        assertThat(outer.next()).isZero();
        outer.close();
        assertThat(trace).containsExactly("finally in " + Thread.currentThread().getName(), "outer");
    }

    @Test
    void oneThatIsDroppedIsCollected() {
        WeakReference<Object> held = beginAndDrop();
        eventually("what the body holds is collected", () -> {
            System.gc();
            return held.refersTo(null);
        });
    }

    private static WeakReference<Object> beginAndDrop() {
        Object large = new Object();
        Generator<Integer> generator = Generator.of(out -> {
            out.yield(System.identityHashCode(large));
            out.yield(System.identityHashCode(large));
        });
        assertThat(generator.hasNext()).isTrue();
        return new WeakReference<>(large);
    }

    // ---- threads

    private static Generator<Thread> threads() {
        return Generator.of(out -> {
            while (true) {
                out.yield(Thread.currentThread());
            }
        });
    }

    @Test
    void theBodyRunsInTheThreadThatAsks() throws Exception {
        AtomicReference<Thread> seen = new AtomicReference<>();
        for (Thread.Builder kind : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
            Generator<Thread> generator = threads();
            Thread other = kind.start(() -> seen.set(generator.next()));
            assertThat(other.join(LONG)).isTrue();
            assertThat(seen.get()).isSameAs(other);
        }
    }

    @Test
    void anotherThreadCannotGoOn() throws Exception {
        Generator<Thread> generator = threads();
        assertThat(generator.next()).isSameAs(Thread.currentThread());
        spawn(() -> {
                    for (Code code : List.<Code>of(generator::next, generator::close)) {
                        assertThatThrownBy(code::run)
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("has begun in thread")
                                .hasMessageContaining("channel");
                    }
                })
                .join();
        assertThat(generator.next()).isSameAs(Thread.currentThread());
        generator.close();
    }

    @Test
    void itsScopedValuesAndItsCallersDoNotMix() {
        Generator<String> generator = Generator.of(out -> {
            out.yield(SCOPED.get());
            ScopedValue.where(SCOPED, "body's").run(() -> {
                out.yield(SCOPED.get());
                out.yield(SCOPED.get());
            });
            out.yield(SCOPED.get());
        });
        ScopedValue.where(SCOPED, "first").run(() -> {
            trace.add(generator.next());
            trace.add(generator.next());
            trace.add("caller " + SCOPED.get());
        });
        trace.add("caller " + SCOPED.isBound());
        trace.add(generator.next());
        ScopedValue.where(SCOPED, "second").run(() -> {
            trace.add(generator.next());
            trace.add("caller " + SCOPED.get());
        });
        assertThat(trace)
                .containsExactly("first", "body's", "caller first", "caller false", "body's", "first", "caller second");
    }

    // ---- locks

    /** JDK 25 would take the caller's monitors for the body's. */
    @Test
    void theCallersMonitorsStayTheCallers() throws Exception {
        Object monitor = new Object();
        for (int round = 0; round < 20; round++) {
            Generator<Integer> generator = Generator.of(out -> {
                for (int i = 0; ; i++) {
                    synchronized (monitor) { // which the caller holds, who is the same thread
                        out.yield(i);
                    }
                    out.yield(-1);
                }
            });
            synchronized (monitor) {
                assertThat(generator.next()).isZero();
                assertThat(generator.next()).isEqualTo(-1);
                assertThat(canBeEntered(monitor)).isFalse();
            }
            assertThat(canBeEntered(monitor)).isTrue();
            assertThat(generator.next()).isEqualTo(1);
            assertThat(canBeEntered(monitor)).as("the body is inside").isFalse();
            synchronized (monitor) {
                assertThat(canBeEntered(monitor)).isFalse();
            }
            assertThat(canBeEntered(monitor)).as("the body is inside").isFalse();
            assertThat(generator.next()).isEqualTo(-1);
            assertThat(canBeEntered(monitor)).isTrue();
            synchronized (monitor) {
                assertThat(generator.next()).isEqualTo(2);
                assertThat(generator.next()).isEqualTo(-1);
                assertThat(canBeEntered(monitor)).isFalse();
            }
            assertThat(canBeEntered(monitor)).isTrue();
        }
    }

    private boolean canBeEntered(Object monitor) {
        AtomicBoolean entered = new AtomicBoolean();
        Thread other = spawn(() -> {
            synchronized (monitor) {
                entered.set(true);
            }
        });
        eventually("the other has entered or waits", () -> entered.get() || other.getState() == Thread.State.BLOCKED);
        return entered.get();
    }

    @Test
    void aLockOfTheCallersIsTheBodysToo() {
        ReentrantLock lock = new ReentrantLock();
        Generator<Integer> generator = Generator.of(out -> {
            lock.lock();
            try {
                out.yield(lock.getHoldCount());
            } finally {
                lock.unlock();
            }
        });
        lock.lock();
        try {
            assertThat(generator.next()).isEqualTo(2);
            assertThat(generator.hasNext()).isFalse();
            assertThat(lock.getHoldCount()).isEqualTo(1);
        } finally {
            lock.unlock();
        }
    }

    // ---- wrong use

    @Test
    void aBodyCannotAskItself() {
        AtomicReference<Generator<Integer>> self = new AtomicReference<>();
        self.set(Generator.of(out -> out.yield(self.get().next())));
        assertThatThrownBy(() -> self.get().next())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("asks its own generator");
        AtomicReference<Generator<Integer>> closing = new AtomicReference<>();
        closing.set(Generator.of(out -> {
            out.yield(1);
            closing.get().close();
        }));
        assertThat(closing.get().next()).isEqualTo(1);
        assertThatThrownBy(() -> closing.get().next()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void onlyTheBodyYields() throws Exception {
        AtomicReference<Generator.Yielder<Integer>> leaked = new AtomicReference<>();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Generator<Integer> generator = Generator.of(out -> {
            leaked.set(out);
            out.yield(1);
            spawn(() -> {
                        try {
                            out.yield(2);
                        } catch (IllegalStateException e) {
                            thrown.set(e);
                        }
                    })
                    .join();
            out.yield(3);
        });
        assertThat(generator.next()).isEqualTo(1);
        assertThatThrownBy(() -> leaked.get().yield(2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("outside of its generator's body");
        assertThat(generator.next()).isEqualTo(3);
        assertThat(thrown.get()).hasMessageContaining("outside of its generator's body");
        assertThat(generator.hasNext()).isFalse();
    }

    @Test
    void aNativeFrameCannotBeLeft() {
        Generator<Integer> generator = Generator.of(out -> {
            try {
                PinnedFrame.call(() -> {
                    out.yield(1);
                    return null;
                });
            } catch (IllegalStateException e) {
                trace.add(e.getMessage());
            }
            out.yield(2);
        });
        assertThat(generator.next()).isEqualTo(2);
        assertThat(trace).singleElement().asString().contains("cannot yield while native code", "class initializer");
        assertThat(generator.hasNext()).isFalse();
    }
}
