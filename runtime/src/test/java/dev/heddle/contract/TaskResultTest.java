package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** How a task ended is told by join, get, resultNow, exceptionNow and state, which agree. */
class TaskResultTest extends ContractTest {
    @Test
    void aResultIsToldByAll() throws Exception {
        Task<String> task = heddle().start(() -> "woven");
        assertThat(task.join()).isEqualTo("woven");
        assertThat(task.get()).isEqualTo("woven");
        assertThat(task.get(0, TimeUnit.SECONDS)).isEqualTo("woven");
        assertThat(task.resultNow()).isEqualTo("woven");
        assertThat(task.state()).isEqualTo(Future.State.SUCCESS);
        assertThat(task.isDone()).isTrue();
        assertThat(task.isCancelled()).isFalse();
        assertThatThrownBy(task::exceptionNow)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has not failed");
    }

    @Test
    void theResultMayBeNull() throws Exception {
        assertThat(heddle().start(() -> (Object) null).join()).isNull();
        assertThat(heddle().start(() -> {}).join()).isNull();
    }

    @Test
    void aFailureIsToldByAll() throws Exception {
        Task<Integer> task = heddle().start(() -> {
            throw new UnsupportedOperationException("torn");
        });
        assertThatThrownBy(task::join)
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("task " + task.id())
                .hasMessageContaining(heddle().name())
                .cause()
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("torn");
        assertThatThrownBy(task::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(UnsupportedOperationException.class);
        assertThat(task.exceptionNow())
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("torn");
        assertThat(task.state()).isEqualTo(Future.State.FAILED);
        assertThat(task.isDone()).isTrue();
        assertThat(task.isCancelled()).isFalse();
        assertThatThrownBy(task::resultNow)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has no result");
    }

    @Test
    void anErrorAndACheckedExceptionAreFailuresToo() {
        assertThatThrownBy(() -> heddle().start(() -> {
                            throw new StackOverflowError("deep");
                        })
                        .join())
                .isInstanceOf(TaskFailedException.class)
                .hasCauseInstanceOf(StackOverflowError.class);
        assertThatThrownBy(() -> heddle().start(() -> {
                            throw new java.io.IOException("disk");
                        })
                        .join())
                .isInstanceOf(TaskFailedException.class)
                .hasCauseInstanceOf(java.io.IOException.class);
    }

    @Test
    void aTaskThatHasNotEndedSaysSo() throws Exception {
        Channel<Integer> gate = heddle().channel(0);
        Task<Integer> task = heddle().start(() -> gate.receive());
        assertThat(task.isDone()).isFalse();
        assertThat(task.state()).isEqualTo(Future.State.RUNNING);
        assertThatThrownBy(task::resultNow).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(task::exceptionNow).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> task.get(SHORT.toMillis(), TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("task " + task.id())
                .hasMessageContaining("has not ended");
        gate.send(5);
        assertThat(task.get(LONG.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo(5);
    }

    @Test
    void manyThreadsJoinOneTask() throws Exception {
        Channel<Integer> gate = heddle().channel(0);
        Task<Integer> task = heddle().start(() -> gate.receive());
        for (int i = 0; i < 8; i++) {
            spawn(() -> assertThat(task.join()).isEqualTo(5));
        }
        gate.send(5);
        assertThat(task.join()).isEqualTo(5);
    }

    @Test
    void aJoinThatIsInterruptedLeavesTheTaskAlone() throws Exception {
        Channel<Integer> gate = heddle().channel(0);
        Task<Integer> task = heddle().start(() -> gate.receive());
        Thread joiner = spawn(() -> assertThatThrownBy(task::join).isInstanceOf(InterruptedException.class));
        joiner.interrupt();
        eventually("the joiner has ended", () -> !joiner.isAlive());
        gate.send(5);
        assertThat(task.join()).isEqualTo(5);
    }

    @Test
    void eachHasItsOwnIdAndKnowsItsHeddle() throws Exception {
        Set<Long> ids = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            Task<?> task = heddle().start(() -> {});
            assertThat(ids.add(task.id())).isTrue();
            assertThat(task.heddle()).isSameAs(heddle());
            assertThat(task).hasToString("task " + task.id() + " of heddle " + heddle().name());
            task.join();
        }
    }

    // ---- tasks that join tasks

    private static final java.util.concurrent.atomic.AtomicReference<Task<?>> SELF =
            new java.util.concurrent.atomic.AtomicReference<>();

    @Test
    void aTaskJoinsAnother() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> gate = heddle.channel(0);
        Task<Integer> first = heddle.start(() -> gate.receive());
        if (exempt(Exemption.HANDLES_STAY_AT_HOME)) {
            assertThatThrownBy(() -> heddle.start(() -> first.join()))
                    .isInstanceOf(dev.heddle.NotTransferableException.class)
                    .hasMessageContaining("Task");
            gate.send(5);
            assertThat(first.join()).isEqualTo(5);
            return;
        }
        Task<Integer> second = heddle.start(() -> first.join() + 1);
        gate.send(5);
        assertThat(second.join()).isEqualTo(6);
    }

    @Test
    void aTaskThatJoinsItselfIsToldSo() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> gate = heddle.channel(0);
        Task<Integer> task = heddle.start(() -> {
            gate.receive();
            Task<?> self = SELF.get();
            return self == null ? 0 : (Integer) self.join();
        });
        SELF.set(task);
        gate.send(1);
        if (exempt(Exemption.HANDLES_STAY_AT_HOME)) {
            assertThat(task.join()).as("there is no handle in its memory").isZero();
        } else {
            assertThatThrownBy(task::join)
                    .isInstanceOf(TaskFailedException.class)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("joins itself")
                    .hasMessageContaining("let another task join it");
        }
    }

    @Test
    void joiningACancelledTaskSaysSo() throws Exception {
        Channel<Integer> gate = heddle().channel(0);
        Task<Integer> task = heddle().start(() -> gate.receive());
        task.cancel(true);
        assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
        assertThatThrownBy(task::get).isInstanceOf(CancellationException.class);
        assertThatThrownBy(task::resultNow).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(task::exceptionNow).isInstanceOf(IllegalStateException.class);
    }
}
