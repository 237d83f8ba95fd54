package dev.heddle.internal.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Received;
import dev.heddle.Select;
import dev.heddle.Task;
import dev.heddle.internal.channel.Selectable.Operation;
import dev.heddle.testing.HeddleTest;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What the parts of a select do that no user sees. */
class SelectionTest extends HeddleTest {
    private final QueueChannel<Integer> a = new QueueChannel<>(0);
    private final QueueChannel<Integer> b = new QueueChannel<>(0);
    private final List<ChannelLock> locks = Selection.locks(List.of(a, b));

    private static Operation receive(QueueChannel<?> channel) {
        return new Operation(channel, null);
    }

    private static Operation send(QueueChannel<Integer> channel, int element) {
        return new Operation(channel, element);
    }

    @Test
    void eachLockIsTakenOnceInOneOrderForAll() {
        assertThat(Selection.locks(List.of(b, a, b, a))).containsExactly(a.lock(), b.lock());
        assertThat(Selection.locks(List.of(a, b))).containsExactly(a.lock(), b.lock());
    }

    @Test
    void oneThatIsDecidedIsPassedOver() {
        TestSelection first = new TestSelection(receive(a), receive(b));
        TestSelection second = new TestSelection(receive(b), receive(a));
        assertThat(first.begin(locks)).isNull();
        assertThat(second.begin(locks)).isNull();
        assertThat(b.trySend(1)).as("to the first").isTrue();
        assertThat(first.woken).isEqualTo(1);
        assertThat(a.trySend(2)).as("to the second, since the first has enough").isTrue();
        assertThat(second.woken).isEqualTo(1);
        assertThat(a.trySend(3)).as("to nobody").isFalse();
        assertThat(b.trySend(4)).as("to nobody").isFalse();
        assertThat(first.result()).isEqualTo("1: DONE 1");
        assertThat(second.result()).isEqualTo("1: DONE 2");
        assertThat(first.woken + second.woken).isEqualTo(2);
    }

    @Test
    void oneThatIsDecidedIsNotClosed() {
        TestSelection selection = new TestSelection(receive(a), receive(b));
        selection.begin(locks);
        a.trySend(1);
        b.close();
        assertThat(selection.result()).isEqualTo("0: DONE 1");
        assertThat(selection.woken).isEqualTo(1);
    }

    @Test
    void oneThatWaitsTwiceAtAChannelIsClosedOnce() {
        TestSelection selection = new TestSelection(receive(a), send(a, 1));
        selection.begin(locks);
        a.close();
        assertThat(selection.woken).isEqualTo(1);
        assertThat(selection.withdraw().outcome()).isEqualTo(Waiter.Outcome.CLOSED);
    }

    @Test
    void oneDoesNotMeetItself() {
        TestSelection selection = new TestSelection(receive(a), send(a, 1));
        assertThat(selection.begin(locks)).isNull();
        assertThat(selection.woken).isZero();
        TestSelection other = new TestSelection(receive(a), send(a, 2));
        assertThat(show(other.begin(locks)))
                .as("its receive is looked at first")
                .isEqualTo("0: DONE 1");
        assertThat(selection.result()).isEqualTo("1: DONE 1");
    }

    @Test
    void whoeverHasWithdrawnIsNotServed() {
        TestSelection selection = new TestSelection(receive(a), send(b, 1));
        selection.begin(locks);
        assertThat(selection.withdraw()).isNull();
        assertThat(a.trySend(2)).isFalse();
        assertThat(b.tryReceive()).isEqualTo(new Received.Empty<Integer>());
        assertThat(selection.withdraw()).as("again").isNull();
        assertThat(selection.woken).isZero();
    }

    /** Go had a leak of this kind: of two channels in a select, the one that nobody uses must not collect waiters. */
    @Test
    void noWaiterIsLeftBehind() throws Exception {
        Thread receiver = spawn(() -> {
            int[] sum = {0};
            Select<Integer> next =
                    new Select<Integer>().receive(a, x -> sum[0] += x).receive(b, x -> sum[0] += x);
            for (int i = 0; i < 100; i++) {
                next.await();
            }
            assertThat(sum[0]).isEqualTo(100);
        });
        for (int i = 0; i < 100; i++) {
            if (i % 2 == 0) {
                eventually("it waits", () -> LockSupport.getBlocker(receiver) instanceof ThreadSelection);
            }
            a.send(1);
        }
        assertThat(receiver.join(LONG)).isTrue();
        b.lock().lock();
        assertThat(b.receivers().isEmpty()).isTrue();
        b.lock().unlock();
    }

    /**
     * The only element there is goes from {@code b} to {@code a}, or from {@code a} to {@code b}, after the select has looked at the
     * one and before it looks at the other; so there never was a moment without it.
     */
    @Test
    void otherwiseIsDoneOnlyIfAtOneMomentNothingIsPossible() throws Exception {
        for (int seed = 0; seed < 100; seed++) {
            QueueChannel<Integer> from = new QueueChannel<>(1);
            QueueChannel<Integer> to = new QueueChannel<>(1);
            from.send(1);
            // Somebody moves the element at the very moment at which the select looks at this channel.
            SideEffect moving = new SideEffect(() -> {
                to.trySend(1);
                from.tryReceive();
            });
            String what = new Select<String>()
                    .receive(from, x -> "received")
                    .receive(moving, x -> "impossible")
                    .receive(to, x -> "received")
                    .otherwise(() -> "nothing")
                    .seed(seed)
                    .await();
            assertThat(what).as("seed %s", seed).isEqualTo("received");
        }
    }

    /**
     * A fiber that wants a lock which somebody else has lets other fibers run, and its owner. So it must not hold another lock
     * then: the owner would try to get that for ever, and never let the fiber go on.
     */
    @Test
    void noLockIsHeldWhileOneWaitsForAnother() throws Exception {
        try (Heddle heddle = Heddle.open(Model.FIBER)) {
            TestSelection[] selection = new TestSelection[1];
            Task<?> fiber = heddle.start(() -> {
                selection[0] = new TestSelection(receive(a), receive(b));
                selection[0].begin(locks);
            });
            b.lock().lock();
            try {
                for (int i = 0; i < 3; i++) {
                    Heddle.yield(); // the fiber runs, finds that b's lock is taken, and sleeps
                    assertThat(a.lock().lockSoon()).as("a's lock is free").isTrue();
                    a.lock().unlock();
                }
            } finally {
                b.lock().unlock();
            }
            fiber.join();
            assertThat(a.trySend(1)).isTrue();
            assertThat(selection[0].result()).isEqualTo("0: DONE 1");
        }
    }

    @Test
    void whatASelectWaitsForIsNamedInTheOrderOfItsClauses() {
        for (int i = 0; i < 10; i++) {
            TestSelection selection = new TestSelection(receive(a), send(b, 1), receive(b));
            selection.tryNow(new SplittableRandom(i), new int[] {0, 1, 2}); // in another order
            assertThat(selection)
                    .hasToString("select among: receive from " + a + ", send to " + b + ", receive from " + b);
        }
        Channel<Integer> unlimited = new QueueChannel<>(Channel.UNLIMITED);
        assertThat(unlimited).asString().doesNotContain(String.valueOf(Integer.MAX_VALUE));
    }

    private static String show(Selection.Branch branch) {
        Selectable.Done done = branch.done();
        return done.index() + ": " + done.outcome() + " " + done.element();
    }

    /** Nobody's. */
    private static final class TestSelection extends InOrder {
        int woken;

        TestSelection(Operation... operations) {
            super(List.of(operations));
        }

        @Override
        protected void wake() {
            assertThat(isDecided()).as("woken after it was decided").isTrue();
            woken++;
        }

        /** Ends it. */
        String result() {
            return show(withdraw());
        }
    }

    /** A channel that never has an element, and does something when it is looked at for the first time. */
    private static final class SideEffect extends AbstractSource<Integer>
            implements Selectable<Integer>, Port<Integer> {
        private final QueueChannel<Integer> empty = new QueueChannel<>(0);
        private Runnable once;

        SideEffect(Runnable once) {
            this.once = once;
        }

        @Override
        public void attempt(Waiter<Integer> waiter) {
            Runnable now = once;
            once = () -> {};
            now.run();
        }

        @Override
        public void enqueue(Waiter<Integer> waiter) {
            throw new AssertionError("it is not to wait");
        }

        @Override
        public void remove(Waiter<Integer> waiter) {}

        @Override
        public ChannelLock lock() {
            return empty.lock();
        }

        @Override
        public Throwable cause() {
            return null;
        }

        @Override
        public Port<?> port() {
            return this;
        }

        @Override
        protected Received<Integer> receive(long nanos) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Received<Integer> tryReceive() {
            throw new UnsupportedOperationException();
        }
    }
}
