package dev.heddle.internal.fiber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** {@code Heddle.switchTo}: who runs next. */
class FiberSwitchTest extends FiberTest {
    private final List<String> trace = new ArrayList<>();

    /** Starts a fiber that notes its name and yields, so many times. */
    private Task<?> yielder(Heddle heddle, String name, int turns) {
        return heddle.start(() -> {
            for (int turn = 0; turn < turns; turn++) {
                trace.add(name + turn);
                Heddle.yield();
            }
        });
    }

    @Test
    void theNamedFiberRunsNextAndTheOthersKeepTheirOrder() {
        try (Heddle heddle = open()) {
            List<Task<?>> tasks = new ArrayList<>();
            heddle.start(() -> {
                trace.add("switch");
                assertThat(Heddle.switchTo(tasks.get(2))).isTrue();
                trace.add("back");
            });
            for (String name : List.of("a", "b", "c", "d")) {
                tasks.add(yielder(heddle, name, 2));
            }
        }
        assertThat(trace).containsExactly("switch", "c0", "a0", "b0", "d0", "back", "c1", "a1", "b1", "d1");
    }

    @Test
    void twoFibersThatSwitchToEachOtherLeaveOutTheRest() {
        try (Heddle heddle = open()) {
            AtomicReference<Task<?>> ping = new AtomicReference<>();
            AtomicReference<Task<?>> pong = new AtomicReference<>();
            ping.set(heddle.start(() -> volley("ping", pong)));
            Task<?> other = yielder(heddle, "other", 1);
            pong.set(heddle.start(() -> volley("pong", ping)));
            assertThat(other.isDone()).isFalse();
        }
        assertThat(trace).containsExactly("ping", "pong", "ping", "pong", "ping", "pong", "other0");
    }

    private void volley(String name, AtomicReference<Task<?>> to) {
        for (int i = 0; i < 3; i++) {
            trace.add(name);
            Heddle.switchTo(to.get());
        }
    }

    @Test
    void theOwnerGetsControlBackWhenEachRunnableFiberHasRunOnce() {
        try (Heddle heddle = open()) {
            yielder(heddle, "a", 3);
            Task<?> b = yielder(heddle, "b", 3);
            assertThat(Heddle.switchTo(b)).isTrue();
            assertThat(trace).containsExactly("b0", "a0");
            assertThat(Heddle.switchTo(b)).isTrue();
            assertThat(trace).containsExactly("b0", "a0", "b1", "a1");
        }
    }

    /** A scheduler of the user's own, such as a simulation has: it picks who goes on, and gets control back each time. */
    @Test
    void aFiberCanScheduleTheOthers() {
        int[] order = {2, 0, 1, 1, 2, 0, 0, 2, 1};
        List<Integer> ran = new ArrayList<>();
        try (Heddle heddle = open()) {
            AtomicReference<Task<?>> scheduler = new AtomicReference<>();
            List<Task<?>> processes = new ArrayList<>();
            scheduler.set(heddle.start(() -> {
                for (int next : order) {
                    assertThat(Heddle.switchTo(processes.get(next))).isTrue();
                }
            }));
            for (int i = 0; i < 3; i++) {
                int me = i;
                processes.add(heddle.start(() -> {
                    for (int turn = 0; turn < 3; turn++) {
                        ran.add(me);
                        Heddle.switchTo(scheduler.get());
                    }
                }));
            }
        }
        assertThat(ran).startsWith(2, 0, 1, 1, 2, 0, 0, 2, 1);
    }

    @Test
    void aFiberThatCannotRunIsToldAndOthersRun() throws Exception {
        try (Heddle heddle = open()) {
            Channel<Integer> gate = heddle.channel(0);
            Task<Integer> waits = heddle.start(() -> gate.receive());
            Task<?> ended = yielder(heddle, "ended", 1);
            ended.join();
            yielder(heddle, "a", 2);
            assertThat(Heddle.switchTo(waits)).as("to one that waits").isFalse();
            assertThat(Heddle.switchTo(ended)).as("to one that has ended").isFalse();
            assertThat(trace).containsExactly("ended0", "a0", "a1");
            AtomicReference<Task<Boolean>> self = new AtomicReference<>();
            self.set(heddle.start(() -> Heddle.switchTo(self.get())));
            assertThat(self.get().join()).as("to itself").isFalse();
            gate.send(1);
            assertThat(waits.join()).isEqualTo(1);
        }
    }

    @Test
    void aFiberThatWasCancelledBeforeItBeganEndsWithoutRunning() {
        try (Heddle heddle = open()) {
            Task<?> task = yielder(heddle, "never", 1);
            task.cancel(false);
            Heddle.switchTo(task);
            assertThat(trace).isEmpty();
        }
    }

    @Test
    void fibersOfTwoHeddlesOfOneOwnerSwitchToEachOther() throws Exception {
        try (Heddle one = open();
                Heddle two = open()) {
            Task<?> a = yielder(one, "a", 1);
            yielder(one, "b", 1);
            assertThat(two.start(() -> Heddle.switchTo(a)).join()).isTrue();
            assertThat(trace).containsExactly("a0", "b0");
        }
    }

    // ---- wrong use

    @Test
    void aTaskOfAnotherModelCannotBeSwitchedTo() throws Exception {
        try (Heddle heddle = Heddle.open(Model.THREAD)) {
            Task<Integer> task = heddle.start(() -> 1);
            assertThatThrownBy(() -> Heddle.switchTo(task))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no fiber")
                    .hasMessageContaining("Heddle.yield()");
            task.join();
        }
    }

    @Test
    void nobodyElseCanSwitchToAFiber() throws Exception {
        try (Heddle heddle = open()) {
            Task<?> task = yielder(heddle, "a", 1);
            spawn(() -> assertThatThrownBy(() -> Heddle.switchTo(task))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("has no turn to give away")
                            .hasMessageContaining(Thread.currentThread().getName()))
                    .join();
        }
        assertThat(trace).containsExactly("a0");
    }
}
