package dev.heddle.internal.process;

import static dev.heddle.testing.Processes.PID;
import static dev.heddle.testing.Processes.sharedMemoryFiles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.NotTransferableException;
import dev.heddle.Pipe;
import dev.heddle.Received;
import dev.heddle.Task;
import dev.heddle.internal.TestOptions;
import dev.heddle.internal.os.SharedFile;
import dev.heddle.internal.process.link.Doorbell;
import dev.heddle.internal.trace.Trace;
import dev.heddle.testing.HeddleTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Pipes between a parent and its workers, and from worker to worker, while nobody dies. */
@SuppressWarnings("serial") // a job here may name what only this package sees
class ProcessPipeTest extends HeddleTest {
    private static Heddle heddle;

    @BeforeAll
    static void open() {
        heddle = Heddle.builder(Model.PROCESS).processors(2).open();
    }

    @AfterAll
    static void close() {
        heddle.close();
    }

    private static void echo(Pipe<Integer> there, Pipe<Integer> back) throws InterruptedException {
        for (int element : there) {
            back.send(element);
        }
        back.close();
    }

    private static void playBall(Pipe<Integer> there, Pipe<Integer> back, int rounds) throws InterruptedException {
        for (int i = 0; i < rounds; i++) {
            there.send(i);
            int element = back.receive();
            if (element != i) {
                throw new IllegalStateException(element + " instead of " + i);
            }
        }
        there.close();
        if (!(back.receive(LONG) instanceof Received.Closed)) {
            throw new IllegalStateException("no end");
        }
    }

    @ParameterizedTest
    @CsvSource({"FUTEX, DESCRIPTOR", "POLLING, DESCRIPTOR", "FUTEX, NAME", "POLLING, NAME"})
    void aBallGoesBetweenParentAndWorkerAndBetweenWorkers(Doorbell.Kind bells, SharedFile.Kind files) throws Exception {
        long me = ProcessHandle.current().pid();
        try (Heddle h =
                new ProcessHeddle(TestOptions.of(Model.PROCESS, 2, TestOptions.traced(Trace.OFF)), bells, files)) {
            Pipe<Integer> there = h.pipe();
            Pipe<Integer> back = h.pipe();
            Task<?> player = h.start(() -> echo(there, back));
            playBall(there, back, 500);
            player.join();
            Pipe<Integer> a = h.pipe();
            Pipe<Integer> b = h.pipe();
            Task<?> one = h.start(() -> echo(a, b));
            h.start(() -> playBall(a, b, 500)).join();
            one.join();
        }
        assertThat(sharedMemoryFiles(me)).isEmpty();
    }

    /** Threads that must not sleep in a native call: virtual ones, and the owner of fibers, who runs them meanwhile. */
    @ParameterizedTest
    @EnumSource(
            value = Model.class,
            names = {"THREAD", "GREEN", "FIBER"})
    void tasksOfAllModelsUseIt(Model model) throws Exception {
        Pipe<Integer> there = heddle.pipe();
        Pipe<Integer> back = heddle.pipe();
        try (Heddle other = Heddle.builder(model).processors(1).open()) {
            Task<?> player = heddle.start(() -> echo(there, back));
            List<Task<Integer>> besides = new ArrayList<>();
            Task<?> task = other.start(() -> {
                Thread.sleep(SHORT); // the echo waits
                playBall(there, back, 200);
            });
            for (int i = 0; i < 10; i++) {
                int x = i;
                besides.add(other.start(() -> x));
            }
            task.join();
            for (int i = 0; i < 10; i++) {
                assertThat(besides.get(i).join()).isEqualTo(i);
            }
            player.join();
            Pipe<Integer> again = heddle.pipe();
            Pipe<Integer> answer = heddle.pipe();
            Task<?> next = heddle.start(() -> echo(again, answer));
            Task<?> sender = other.start(() -> again.send(1)); // a fiber runs while its owner waits below
            assertThat(answer.receive()).isOne();
            sender.join();
            again.close();
            next.join();
        }
    }

    @Test
    void anInterruptEndsTheWaitOfAVirtualThread() throws Exception {
        Pipe<Integer> pipe = heddle.pipe();
        for (int i = 0; i < 50; i++) {
            Thread waiting = Thread.ofVirtual().start(() -> {
                try {
                    pipe.receive();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            if (i % 2 == 0) {
                eventually("it waits", () -> waiting.getState() == Thread.State.WAITING);
            }
            waiting.interrupt();
            assertThat(waiting.join(LONG)).isTrue();
        }
        assertThat(pipe.tryReceive()).isEqualTo(new Received.Empty<Integer>());
    }

    @Test
    void workersThatComeAndGoHandAnEndOn() throws Exception {
        try (Heddle h =
                Heddle.builder(Model.PROCESS).processors(1).workerTasks(1).open()) {
            Pipe<Long> pipe = h.pipe();
            for (int i = 0; i < 4; i++) {
                Task<Long> task = h.start(() -> {
                    pipe.send(PID.call());
                    return PID.call();
                });
                assertThat(task.join()).isEqualTo(pipe.receive());
            }
            assertThat(pipe.isClosed()).isFalse();
        }
    }

    @Test
    void aPipeIsAnElementToo() throws Exception {
        Pipe<Pipe<Integer>> pipes = heddle.pipe();
        Pipe<Integer> inner = heddle.pipe();
        Task<?> task = heddle.start(() -> {
            Pipe<Integer> got = pipes.receive();
            got.send(1);
            pipes.send(got);
        });
        pipes.send(inner);
        assertThat(inner.receive()).isOne();
        task.join();
        assertThat(pipes.receive()).isSameAs(inner);
    }

    @Test
    void ofAnotherHeddleIsRefusedWithASentence() throws Exception {
        try (Heddle threads = Heddle.open(Model.THREAD);
                Heddle other = Heddle.builder(Model.PROCESS).processors(1).open()) {
            Pipe<Integer> local = threads.pipe();
            assertThatThrownBy(() -> heddle.start(() -> local.receive()))
                    .isInstanceOf(NotTransferableException.class)
                    .hasMessageContaining("a pipe that was not made by the PROCESS heddle it is used in");
            Pipe<Integer> others = other.pipe();
            assertThatThrownBy(heddle.start(() -> others.receive())::join)
                    .hasMessageContaining("a pipe can only be used in the process of the heddle that made it");
        }
    }

    @Test
    void theEndOfTheHeddleIsTheEndOfItsPipes() throws Exception {
        Heddle h = Heddle.builder(Model.PROCESS).processors(1).open();
        Pipe<Integer> pipe = h.pipe();
        Pipe<Integer> closed = h.pipe();
        Pipe<Integer> waitedFor = h.pipe();
        h.start(() -> {
                    pipe.send(1);
                    closed.close();
                })
                .join();
        Thread waiting = spawn(() -> assertThatThrownBy(waitedFor::receive)
                .hasRootCauseMessage("heddle " + h.name() + " was closed, and its pipes with it"));
        eventually("it waits", () -> waiting.getState() == Thread.State.RUNNABLE);
        h.close();
        waiting.join();
        assertThat(pipe.receive()).as("what was sent before").isOne();
        assertThat(pipe.tryReceive()).isInstanceOf(Received.Closed.class);
        assertThat(closed.tryReceive()).isEqualTo(new Received.Closed<Integer>(null));
        assertThatThrownBy(h::pipe)
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("makes no more pipes");
    }
}
