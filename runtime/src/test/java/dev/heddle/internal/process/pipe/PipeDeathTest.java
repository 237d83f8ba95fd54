package dev.heddle.internal.process.pipe;

import static dev.heddle.testing.Processes.PID;
import static dev.heddle.testing.Processes.isAlive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.ChannelClosedException;
import dev.heddle.Heddle;
import dev.heddle.Job;
import dev.heddle.Model;
import dev.heddle.Pipe;
import dev.heddle.Received;
import dev.heddle.Task;
import dev.heddle.WorkerDiedException;
import dev.heddle.internal.process.pipe.RingPipeTest.Elements;
import dev.heddle.testing.HeddleTest;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whoever dies with an end of a pipe, the other is told, after everything that was sent, and nothing is torn. */
@SuppressWarnings("serial") // a job here may name what only this package sees
class PipeDeathTest extends HeddleTest {
    private static Heddle heddle;

    @BeforeAll
    static void open() {
        heddle = Heddle.builder(Model.PROCESS).processors(2).open();
    }

    @AfterAll
    static void close() {
        heddle.close();
    }

    private static void kill(long pid) {
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
    }

    private static void signal(String name, long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static void failsByDeath(Task<?> task) {
        assertThatThrownBy(() -> task.get(LONG.toMillis(), TimeUnit.MILLISECONDS))
                .hasCauseInstanceOf(WorkerDiedException.class);
    }

    @Test
    void aReceiverGetsWhatWasSentAndThenTheDeath() throws Exception {
        Pipe<Integer> pipe = heddle.pipe();
        Channel<Long> pids = heddle.channel(1);
        Task<?> victim = heddle.start(() -> {
            for (int i = 0; i < 100; i++) {
                pipe.send(i);
            }
            pids.send(PID.call());
            while (true) {
                Thread.onSpinWait(); // the end is idle
            }
        });
        long pid = pids.receive();
        for (int i = 0; i < 50; i++) {
            assertThat(pipe.receive()).isEqualTo(i);
        }
        kill(pid);
        for (int i = 50; i < 100; i++) {
            assertThat(pipe.receive()).isEqualTo(i);
        }
        assertThatThrownBy(pipe::receive)
                .isInstanceOf(ChannelClosedException.class)
                .cause()
                .isInstanceOfSatisfying(WorkerDiedException.class, death -> {
                    assertThat(death.pid()).isEqualTo(pid);
                    assertThat(death.signal()).hasValue(9);
                    assertThat(death.taskId()).isEqualTo(victim.id());
                    assertThat(death)
                            .hasMessageContaining(
                                    "was ended by signal 9 (SIGKILL) while it had an end of a pipe and ran");
                });
        failsByDeath(victim);
    }

    @Test
    void aWorkerThatReceivesIsToldOfTheDeathOfTheSender() throws Exception {
        Pipe<Integer> pipe = heddle.pipe();
        Channel<Long> pids = heddle.channel(1);
        Task<?> sender = heddle.start(() -> {
            pipe.send(1);
            pids.send(PID.call());
            while (true) {
                Thread.onSpinWait();
            }
        });
        Task<Integer> receiver = heddle.start(() -> pipe.receive() + pipe.receive());
        eventually("it waits", () -> heddle.stats().parked() == 1);
        kill(pids.receive());
        isToldOfDeath(receiver);
        failsByDeath(sender);
    }

    @Test
    void aWorkerThatSendsIsToldOfTheDeathOfTheReceiver() throws Exception {
        Pipe<Integer> pipe = heddle.pipe();
        Channel<Long> pids = heddle.channel(1);
        Task<?> receiver = heddle.start(() -> {
            pipe.receive();
            pids.send(PID.call());
            while (true) {
                Thread.onSpinWait();
            }
        });
        Task<?> sender = heddle.start(() -> {
            while (true) {
                pipe.send(1);
            }
        });
        eventually("it waits", () -> heddle.stats().parked() == 1);
        kill(pids.receive());
        isToldOfDeath(sender);
        failsByDeath(receiver);
    }

    private static void isToldOfDeath(Task<?> task) {
        assertThatThrownBy(() -> task.get(LONG.toMillis(), TimeUnit.MILLISECONDS))
                .cause()
                .isInstanceOf(ChannelClosedException.class)
                .hasCauseInstanceOf(WorkerDiedException.class);
    }

    @Test
    void anEndThatATaskHasLetGoMayDie() throws Exception {
        Pipe<Integer> pipe = heddle.pipe();
        Job<Long> sending = () -> {
            pipe.send(1);
            return PID.call();
        };
        long first = heddle.start(sending).join();
        kill(first);
        eventually("it is gone", () -> !isAlive(first));
        assertThat(heddle.start(sending).join()).isNotEqualTo(first);
        assertThat(pipe.receive()).isOne();
        assertThat(pipe.receive()).isOne();
        assertThat(pipe.tryReceive()).as("still open").isEqualTo(new Received.Empty<Integer>());
    }

    @Test
    void aPeerThatIsStoppedHoldsTheOtherUpAndNoMore() throws Exception {
        Pipe<Integer> pipe = heddle.pipe();
        Channel<Long> pids = heddle.channel(1);
        Task<Integer> receiver = heddle.start(() -> {
            pids.send(PID.call());
            int next = 0;
            for (int element : pipe) {
                if (element != next++) {
                    return -1;
                }
            }
            return next;
        });
        long pid = pids.receive();
        int sent = 0;
        for (int i = 0; i < 3; i++) {
            pipe.send(sent++);
            signal("STOP", pid);
            while (pipe.send(sent, SHORT)) {
                sent++;
            }
            signal("CONT", pid);
        }
        pipe.close();
        assertThat(receiver.join()).isEqualTo(sent);
    }

    @Test
    void killsAtAnyMomentAreToldFromWorkerToWorker() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("PipeDeathTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 8; round++) {
            Pipe<byte[]> pipe = heddle.pipe();
            Channel<Long> senders = heddle.channel(1);
            Channel<Long> receivers = heddle.channel(1);
            Channel<Boolean> go = heddle.channel(1);
            long roundSeed = random.nextLong();
            int last = random.nextInt(2000);
            Task<?> sender = heddle.start(() -> {
                senders.send(PID.call());
                Random lengths = new Random(roundSeed);
                for (int i = 0; ; i++) {
                    pipe.send(Elements.of(i, lengths));
                }
            });
            Task<?> receiver = heddle.start(() -> {
                receivers.send(PID.call());
                for (int i = 0; ; i++) {
                    Elements.check(pipe.receive(), i, roundSeed);
                    if (i == last) {
                        go.send(true);
                    }
                }
            });
            boolean killSender = random.nextBoolean();
            long pid = (killSender ? senders : receivers).receive();
            go.receive();
            kill(pid);
            failsByDeath(killSender ? sender : receiver);
            isToldOfDeath(killSender ? receiver : sender);
        }
    }

    @Test
    void killsAtAnyMomentTearNothing() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("PipeDeathTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 8; round++) {
            Pipe<byte[]> fromVictim = heddle.pipe();
            Pipe<byte[]> toVictim = heddle.pipe();
            Channel<Long> pids = heddle.channel(1);
            long roundSeed = random.nextLong();
            Task<?> victim = heddle.start(() -> {
                pids.send(PID.call());
                Thread receiver = Thread.ofPlatform().daemon().start(() -> toVictim.forEach(element -> {}));
                Random lengths = new Random(roundSeed);
                for (int i = 0; receiver.isAlive(); i++) {
                    fromVictim.send(Elements.of(i, lengths));
                }
            });
            long pid = pids.receive();
            Thread sender = spawn(() -> {
                Random lengths = new Random(roundSeed + 1);
                assertThatThrownBy(() -> {
                            for (int i = 0; ; i++) {
                                toVictim.send(Elements.of(i, lengths));
                            }
                        })
                        .isInstanceOf(ChannelClosedException.class)
                        .hasCauseInstanceOf(WorkerDiedException.class);
            });
            int last = random.nextInt(2000);
            for (int i = 0; i < last; i++) {
                Elements.check(fromVictim.receive(), i, roundSeed);
            }
            kill(pid);
            assertThatThrownBy(() -> {
                        for (int i = last; ; i++) {
                            Elements.check(fromVictim.receive(), i, seed);
                        }
                    })
                    .isInstanceOf(ChannelClosedException.class)
                    .hasCauseInstanceOf(WorkerDiedException.class);
            failsByDeath(victim);
            sender.join();
        }
    }
}
