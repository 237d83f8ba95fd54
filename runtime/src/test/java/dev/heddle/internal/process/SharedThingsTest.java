package dev.heddle.internal.process;

import static dev.heddle.testing.Processes.PID;
import static dev.heddle.testing.Processes.isAlive;
import static dev.heddle.testing.Processes.sharedMemoryFiles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Acquired;
import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Mutex;
import dev.heddle.NotTransferableException;
import dev.heddle.Semaphore;
import dev.heddle.SharedLongs;
import dev.heddle.Task;
import dev.heddle.internal.TestOptions;
import dev.heddle.internal.os.SharedFile;
import dev.heddle.internal.process.form.Payload;
import dev.heddle.internal.process.link.Doorbell;
import dev.heddle.internal.trace.Trace;
import dev.heddle.testing.HeddleTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Memory, mutexes and semaphores between processes, of which any may die. */
@SuppressWarnings("serial") // a job here may name what only this package sees
class SharedThingsTest extends HeddleTest {
    private static ProcessHeddle open(int processors, SharedFile.Kind kind) {
        return new ProcessHeddle(
                TestOptions.of(Model.PROCESS, processors, TestOptions.traced(Trace.OFF)), Doorbell.Kind.best(), kind);
    }

    private static void kill(long pid) {
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
    }

    /** {@return what this process has open or mapped of files without a name} */
    private static List<String> withoutNames() {
        List<String> found = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.isSymbolicLink(descriptor)) {
                    found.add(Files.readSymbolicLink(descriptor).toString());
                }
            }
            found.addAll(Files.readAllLines(Path.of("/proc/self/maps")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        found.removeIf(line -> !line.contains("memfd:heddle"));
        return found;
    }

    // ---- memory

    @ParameterizedTest
    @EnumSource
    void isMappedByWorkersThatComeLaterAndLeavesNothing(SharedFile.Kind kind) throws Exception {
        long me = ProcessHandle.current().pid();
        try (Heddle heddle = open(1, kind)) {
            SharedLongs longs = heddle.sharedLongs(1000);
            heddle.start(() -> longs.set(999, 1)).join();
            long first = heddle.start(PID).join();
            kill(first);
            assertThat(heddle.start(() -> longs.getAndAdd(999, 1)).join()).isEqualTo(1);
            assertThat(heddle.start(PID).join()).isNotEqualTo(first);
            assertThat(longs.get(999)).isEqualTo(2);
            eventually(
                    "all files of links are unlinked",
                    () -> sharedMemoryFiles(me).size() == (kind == SharedFile.Kind.NAME ? 1 : 0));
        }
        assertThat(sharedMemoryFiles(me)).isEmpty();
        assertThat(withoutNames()).isEmpty();
    }

    @Test
    void isNoCopy() throws Exception {
        try (Heddle heddle = open(1, SharedFile.Kind.best())) {
            SharedLongs longs = heddle.sharedLongs(10_000_000);
            int bytes = Payload.write((dev.heddle.Job<Long>) () -> longs.get(0), Payload.Role.JOB).length;
            assertThat(bytes).isLessThan(2_000);
            Task<Long> sum = heddle.start(() -> {
                for (long i = 0; i < longs.length(); i++) {
                    longs.set(i, i);
                }
                return longs.length();
            });
            assertThat(sum.join()).isEqualTo(10_000_000);
            assertThat(longs.get(9_999_999)).isEqualTo(9_999_999);
        }
    }

    @Test
    void ofAnotherHeddleIsRefusedWithASentence() throws Exception {
        try (Heddle threads = Heddle.open(Model.THREAD);
                Heddle other = open(1, SharedFile.Kind.best());
                Heddle heddle = open(1, SharedFile.Kind.best())) {
            SharedLongs local = threads.sharedLongs(1);
            Mutex mutex = threads.mutex();
            assertThatThrownBy(() -> heddle.start(() -> local.get(0)))
                    .isInstanceOf(NotTransferableException.class)
                    .hasMessageContaining("shared memory that was not made by the PROCESS heddle it is used in");
            assertThatThrownBy(() -> heddle.start(() -> mutex.lock()))
                    .isInstanceOf(NotTransferableException.class)
                    .hasMessageContaining("a mutex or semaphore that was not made by the PROCESS heddle");
            SharedLongs others = other.sharedLongs(1);
            Semaphore semaphore = other.semaphore(2);
            assertThatThrownBy(heddle.start(() -> others.get(0))::join)
                    .hasMessageContaining("shared memory can only be used in the process of the heddle that made it");
            assertThatThrownBy(heddle.start(() -> semaphore.acquire())::join)
                    .hasMessageContaining("a mutex or semaphore can only be used in the process of the heddle");
        }
    }

    /** Shares memory and a locked mutex with a worker, and never closes. */
    static final class Parent {
        public static void main(String[] args) throws Exception {
            Heddle heddle = open(1, SharedFile.Kind.valueOf(args[0]));
            SharedLongs longs = heddle.sharedLongs(1_000_000);
            Mutex mutex = heddle.mutex();
            mutex.lock();
            Channel<Long> pids = heddle.channel(0);
            heddle.start(() -> {
                longs.set(5, 5);
                pids.send(PID.call());
                mutex.lock();
            });
            System.out.println(pids.receive());
            System.in.read();
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLeftOfAParentThatIsKilled(SharedFile.Kind kind) throws Exception {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        kind.name())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = parent.inputReader()) {
            long worker = Long.parseLong(out.readLine());
            parent.toHandle().destroyForcibly();
            assertThat(parent.waitFor(LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
            long end = System.nanoTime();
            eventually("the worker is gone", () -> !isAlive(worker));
            eventually("no file is left", () -> sharedMemoryFiles(parent.pid()).isEmpty());
            assertThat(System.nanoTime() - end).isLessThan(TimeUnit.SECONDS.toNanos(2));
        } finally {
            parent.destroyForcibly();
        }
    }

    // ---- permits

    @Test
    void aMutexSurvivesTheKillOfItsHolder() throws Exception {
        try (Heddle heddle = open(2, SharedFile.Kind.best())) {
            Mutex mutex = heddle.mutex();
            Channel<Long> pids = heddle.channel(0);
            Task<?> holder = heddle.start(() -> {
                mutex.lock();
                pids.send(PID.call());
                while (true) {
                    Thread.onSpinWait();
                }
            });
            long pid = pids.receive();
            Task<String> waiter = heddle.start(() -> {
                Acquired how = mutex.lock();
                mutex.unlock();
                return how + " " + mutex.lock();
            });
            eventually("it waits", () -> heddle.stats().parked() == 1);
            kill(pid);
            assertThat(waiter.join()).isEqualTo("AFTER_DEATH CLEANLY");
            assertThatThrownBy(holder::join).hasMessageContaining("signal 9");
            assertThat(mutex.lock()).as("the waiter did not unlock").isEqualTo(Acquired.AFTER_DEATH);
            mutex.unlock();
        }
    }

    @Test
    void oneThatIsKilledWhileItWaitsIsPassedOver() throws Exception {
        try (Heddle heddle = open(2, SharedFile.Kind.best())) {
            Mutex mutex = heddle.mutex();
            mutex.lock();
            Task<?> victim = heddle.start(() -> mutex.lock());
            eventually("it waits", () -> heddle.stats().parked() == 1);
            Task<Acquired> next = heddle.start(() -> mutex.lock());
            eventually("both wait", () -> heddle.stats().parked() == 2);
            victim.kill();
            eventually("it is gone", () -> heddle.stats().parked() == 1);
            mutex.unlock();
            assertThat(next.join()).as("the dead held nothing").isEqualTo(Acquired.CLEANLY);
        }
    }

    @Test
    void threadsOfAWorkerHoldForThemselvesUntilItDies() throws Exception {
        try (Heddle heddle = open(1, SharedFile.Kind.best())) {
            Mutex mutex = heddle.mutex();
            long pid = heddle.start(() -> {
                        Thread beside = new Thread(mutex::tryLock);
                        beside.start();
                        beside.join();
                        return PID.call();
                    })
                    .join();
            assertThat(mutex.tryLock()).as("the task held nothing").isEqualTo(Acquired.NOT);
            assertThat(heddle.start(() -> mutex.tryLock()).join()).isEqualTo(Acquired.NOT);
            kill(pid);
            assertThat(mutex.lock(LONG)).isEqualTo(Acquired.AFTER_DEATH);
            mutex.unlock();
        }
    }

    @Test
    void whateverDiesNoTwoHoldItAndNobodyIsForgotten() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        try (Heddle heddle = open(3, SharedFile.Kind.best())) {
            Mutex mutex = heddle.mutex();
            SharedLongs pair = heddle.sharedLongs(3);
            List<Task<?>> tasks = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                boolean dies = random.nextInt(3) == 0;
                int when = random.nextInt(40);
                tasks.add(heddle.start(() -> {
                    for (int round = 0; round < 20; round++) {
                        Acquired how = mutex.lock();
                        if (how == Acquired.AFTER_DEATH) {
                            pair.set(1, pair.get(0)); // repair
                            pair.getAndAdd(2, 1);
                        } else if (pair.get(0) != pair.get(1)) {
                            throw new IllegalStateException("half changed: " + pair.get(0) + " " + pair.get(1));
                        }
                        pair.set(0, pair.get(0) + 1);
                        if (dies && when == 2 * round) {
                            Runtime.getRuntime().halt(1);
                        }
                        pair.set(1, pair.get(1) + 1);
                        mutex.unlock();
                        if (dies && when == 2 * round + 1) {
                            Runtime.getRuntime().halt(1);
                        }
                    }
                }));
            }
            for (Task<?> task : tasks) {
                try {
                    task.get(LONG.toMillis(), TimeUnit.MILLISECONDS);
                } catch (java.util.concurrent.ExecutionException e) {
                    assertThat(e.getCause()).as("seed " + seed).isInstanceOf(dev.heddle.WorkerDiedException.class);
                }
            }
            Acquired last = mutex.lock(LONG);
            assertThat(last.isHeld()).as("seed " + seed).isTrue();
            mutex.unlock();
        }
    }
}
