package dev.heddle.internal.green;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.DeadlockException;
import dev.heddle.Heddle;
import dev.heddle.Job;
import dev.heddle.Model;
import dev.heddle.Mutex;
import dev.heddle.Select;
import dev.heddle.Semaphore;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import dev.heddle.testing.ChildJvm;
import dev.heddle.testing.HeddleTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Waits that can never end are ended, and no others. Each case is a program of its own, since a deadlock is one only if nothing
 * else goes on in the whole JVM.
 */
class DeadlockTest extends HeddleTest {
    /** Longer than some looks for a deadlock. */
    private static final long A_WHILE_MILLIS = 900;

    @ParameterizedTest
    @EnumSource
    void isReported(Deadlock deadlock) throws Exception {
        ChildJvm program = ChildJvm.run(Deadlocked.class, deadlock.name());
        assertThat(program.output())
                .contains("all " + deadlock.tasks + " tasks: DeadlockException")
                .contains("all tasks of heddle dead wait for each other")
                .contains("waits to " + deadlock.purpose)
                .contains("    at ", "DeadlockTest$Deadlock");
        assertThat(program.exitCode()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void isNotReportedWhile(Hope hope) throws Exception {
        ChildJvm program = ChildJvm.run(Hopeful.class, hope.name());
        assertThat(program.output()).isEqualTo("received 7" + System.lineSeparator());
        assertThat(program.exitCode()).isZero();
    }

    @Test
    void canBeSwitchedOff() throws Exception {
        ChildJvm program = ChildJvm.run(SwitchedOff.class);
        assertThat(program.output()).isEqualTo("still waiting" + System.lineSeparator());
        assertThat(program.exitCode()).isZero();
    }

    @Test
    void isReportedUnderAGlobalLock() throws Exception {
        ChildJvm program = ChildJvm.run(Locked.class);
        assertThat(program.output()).isEqualTo("deadlock" + System.lineSeparator());
        assertThat(program.exitCode()).isZero();
    }

    @Test
    void doesNotCostARaceItsResult() throws Exception {
        ChildJvm program = ChildJvm.run(Raced.class);
        assertThat(program.output()).isEqualTo("won 2" + System.lineSeparator());
        assertThat(program.exitCode()).isZero();
    }

    /** Tasks that wait for ever. */
    enum Deadlock {
        RECEIVE_WITHOUT_SENDER(1, "receive from channel") {
            @Override
            void start(Heddle heddle, List<Task<?>> tasks) {
                Channel<Integer> channel = heddle.channel(0);
                tasks.add(heddle.start(() -> channel.receive()));
            }
        },
        SEND_WITHOUT_RECEIVER(1, "send to channel") {
            @Override
            void start(Heddle heddle, List<Task<?>> tasks) {
                Channel<Integer> channel = heddle.channel(1);
                tasks.add(heddle.start(() -> {
                    channel.send(1);
                    channel.send(2);
                }));
            }
        },
        SELECTS_THAT_DO_NOT_MEET(2, "select among: receive from channel") {
            @Override
            void start(Heddle heddle, List<Task<?>> tasks) {
                Channel<Integer> first = heddle.channel(0);
                Channel<Integer> second = heddle.channel(0);
                for (int i = 0; i < tasks(); i++) {
                    tasks.add(heddle.start(() -> new Select<Integer>()
                            .receive(first, element -> element)
                            .receive(second, element -> element)
                            .await()));
                }
            }
        },
        CYCLE_OF_JOINS(2, "join task ") {
            @Override
            void start(Heddle heddle, List<Task<?>> tasks) {
                Channel<Task<?>> second = heddle.channel(1);
                tasks.add(heddle.start(() -> second.receive().join()));
                tasks.add(heddle.start(() -> tasks.getFirst().join()));
                second.trySend(tasks.getLast());
            }
        },
        TASKS_OF_ONE_THAT_WAITS_FOR_ALL(1, "join tasks ") {
            @Override
            void start(Heddle heddle, List<Task<?>> tasks) {
                Channel<Integer> channel = heddle.channel(0);
                Job<Integer> receiver = () -> channel.receive();
                tasks.add(heddle.start(() -> heddle.all(List.of(receiver, receiver))));
            }
        },
        MUTEX_OF_THE_ONE_WHO_JOINS(1, "acquire mutex 1 of heddle dead, held by thread #") {
            @Override
            void start(Heddle heddle, List<Task<?>> tasks) {
                Mutex mutex = heddle.mutex();
                mutex.tryLock();
                tasks.add(heddle.start(() -> {
                    mutex.lock();
                    mutex.unlock();
                }));
            }
        },
        SEMAPHORE_OF_A_TASK_THAT_WAITS(
                2, "acquire semaphore 1 of heddle dead, of which 2 of 2 are held, the last by task ") {
            @Override
            void start(Heddle heddle, List<Task<?>> tasks) {
                Semaphore semaphore = heddle.semaphore(2);
                Channel<Integer> never = heddle.channel(0);
                Channel<Integer> held = heddle.channel(0);
                tasks.add(heddle.start(() -> {
                    semaphore.acquire(2);
                    held.send(1);
                    try {
                        never.receive();
                    } finally {
                        Thread.sleep(200); // the other one is told meanwhile
                    }
                }));
                tasks.add(heddle.start(() -> {
                    held.receive();
                    semaphore.acquire();
                }));
            }
        },
        RING_OF_RENDEZVOUS(3, "send to channel") {
            @Override
            void start(Heddle heddle, List<Task<?>> tasks) {
                List<Channel<Integer>> ring = new ArrayList<>();
                for (int i = 0; i < tasks(); i++) {
                    ring.add(heddle.channel(0));
                }
                for (int i = 0; i < tasks(); i++) {
                    Channel<Integer> left = ring.get(i);
                    Channel<Integer> right = ring.get((i + 1) % tasks());
                    tasks.add(heddle.start(() -> {
                        right.send(1); // all send first
                        left.receive();
                    }));
                }
            }
        };

        private final int tasks;
        private final String purpose;

        Deadlock(int tasks, String purpose) {
            this.tasks = tasks;
            this.purpose = purpose;
        }

        final int tasks() {
            return tasks;
        }

        abstract void start(Heddle heddle, List<Task<?>> tasks);
    }

    /** Prints how the tasks end. */
    static final class Deadlocked {
        private Deadlocked() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (Heddle heddle = Heddle.builder(Model.GREEN).name("dead").open()) {
                List<Task<?>> tasks = new ArrayList<>();
                Deadlock.valueOf(arguments[0]).start(heddle, tasks);
                int deadlocked = 0;
                for (Task<?> task : tasks) {
                    try {
                        task.join();
                    } catch (TaskFailedException e) {
                        DeadlockException why = (DeadlockException) rootOf(e);
                        System.out.println(why.getMessage());
                        System.out.println(why.dump());
                        deadlocked++;
                    }
                }
                System.out.println("all " + deadlocked + " tasks: DeadlockException");
            }
        }

        /** Of two tasks that join each other, the one may end first, and the other's join then throws why. */
        private static Throwable rootOf(Throwable thrown) {
            Throwable cause = thrown.getCause();
            return cause == null ? thrown : rootOf(cause);
        }
    }

    /** What may yet wake a task that waits. Returns after a while, and then somebody sends. */
    enum Hope {
        A_THREAD_THAT_SLEEPS {
            @Override
            void arrange(Heddle heddle, Code send) {
                Thread.ofPlatform().start(() -> {
                    LockSupport.parkNanos(A_WHILE_MILLIS * 1_000_000);
                    now(send);
                });
            }
        },
        A_THREAD_THAT_COMPUTES {
            @Override
            void arrange(Heddle heddle, Code send) {
                Thread.ofPlatform().start(() -> {
                    long end = System.nanoTime() + A_WHILE_MILLIS * 1_000_000;
                    while (System.nanoTime() < end) {
                        Thread.onSpinWait();
                    }
                    now(send);
                });
            }
        },
        A_THREAD_THAT_WAITS_FOR_A_CONNECTION {
            @Override
            void arrange(Heddle heddle, Code send) {
                Thread.ofPlatform().start(() -> {
                    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                        server.setSoTimeout((int) A_WHILE_MILLIS);
                        server.accept();
                    } catch (SocketTimeoutException e) {
                        now(send);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
            }
        },
        A_PROCESS_THAT_ENDS {
            @Override
            void arrange(Heddle heddle, Code send) {
                Thread.ofPlatform().start(() -> {
                    try {
                        new ProcessBuilder("sleep", String.valueOf(A_WHILE_MILLIS / 1e3))
                                .start()
                                .waitFor();
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    now(send);
                });
            }
        },
        A_VIRTUAL_THREAD_THAT_SLEEPS {
            @Override
            void arrange(Heddle heddle, Code send) {
                Thread.ofVirtual().start(() -> {
                    LockSupport.parkNanos(A_WHILE_MILLIS * 1_000_000);
                    now(send);
                });
            }
        },
        AN_EXECUTOR_OF_VIRTUAL_THREADS {
            @Override
            @SuppressWarnings("resource") // ends with the program
            void arrange(Heddle heddle, Code send) {
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                threads.execute(() -> {
                    LockSupport.parkNanos(A_WHILE_MILLIS * 1_000_000);
                    now(send);
                });
            }
        },
        A_TASK_THAT_SLEEPS {
            @Override
            void arrange(Heddle heddle, Code send) {
                heddle.start(() -> {
                    LockSupport.parkNanos(A_WHILE_MILLIS * 1_000_000);
                    send.run();
                });
            }
        },
        A_TASK_THAT_WAITS_FOR_A_TICK {
            @Override
            void arrange(Heddle heddle, Code send) {
                heddle.start(() -> {
                    Channel.after(Duration.ofMillis(A_WHILE_MILLIS)).receive();
                    send.run();
                });
            }
        },
        A_SELECT_WITH_A_TIMEOUT {
            @Override
            void arrange(Heddle heddle, Code send) {
                Channel<Integer> never = heddle.channel(0);
                heddle.start(() -> {
                    new Select<Integer>()
                            .receive(never, element -> element)
                            .timeout(Duration.ofMillis(A_WHILE_MILLIS), () -> 0)
                            .await();
                    send.run();
                });
            }
        },
        A_TASK_OF_ANOTHER_HEDDLE {
            @Override
            @SuppressWarnings("resource") // ends with the program
            void arrange(Heddle heddle, Code send) {
                Heddle.open(Model.THREAD).start(() -> {
                    LockSupport.parkNanos(A_WHILE_MILLIS * 1_000_000);
                    send.run();
                });
            }
        },
        A_THREAD_THAT_A_TASK_HAS_STARTED {
            @Override
            void arrange(Heddle heddle, Code send) {
                heddle.start(() -> {
                    CompletableFuture<Void> never = new CompletableFuture<>();
                    Thread.ofVirtual().start(() -> {
                        LockSupport.parkNanos(A_WHILE_MILLIS * 1_000_000);
                        now(send);
                        never.complete(null);
                    });
                });
            }
        },
        A_TASK_THAT_WAITS_FOR_A_LOCK {
            @Override
            void arrange(Heddle heddle, Code send) {
                ReentrantLock lock = new ReentrantLock();
                CompletableFuture<Void> locked = new CompletableFuture<>();
                Thread.ofPlatform().start(() -> {
                    lock.lock();
                    try {
                        locked.complete(null);
                        LockSupport.parkNanos(A_WHILE_MILLIS * 1_000_000);
                    } finally {
                        lock.unlock();
                    }
                });
                locked.join();
                heddle.start(() -> {
                    lock.lock();
                    send.run();
                });
            }
        };

        abstract void arrange(Heddle heddle, Code send);

        private static void now(Code send) {
            try {
                send.run();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Prints what a task receives after a while, and waits for the task meanwhile. */
    static final class Hopeful {
        private Hopeful() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (Heddle heddle = Heddle.open(Model.GREEN)) {
                Channel<Integer> channel = heddle.channel(0);
                Task<Integer> receiver = heddle.start(() -> channel.receive());
                Hope.valueOf(arguments[0]).arrange(heddle, () -> channel.send(7));
                System.out.println("received " + receiver.join());
            }
            System.exit(0);
        }
    }

    /** Has a race with a loser that heeds neither its interrupt nor the first deadlock. */
    static final class Raced {
        private Raced() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (Heddle heddle = Heddle.open(Model.GREEN)) {
                Channel<Integer> running = heddle.channel(0);
                Channel<Integer> never = heddle.channel(0);
                Job<Integer> loser = () -> {
                    running.send(1);
                    try {
                        return never.receive();
                    } catch (InterruptedException e) {
                        return afterADeadlock(never);
                    }
                };
                Job<Integer> winner = () -> running.receive() + 1;
                Task<Integer> task = heddle.start(() -> heddle.race(List.of(loser, winner)));
                System.out.println("won " + task.join());
            }
        }

        private static int afterADeadlock(Channel<Integer> never) throws InterruptedException {
            try {
                return never.receive();
            } catch (DeadlockException e) {
                return never.receive();
            }
        }
    }

    /** Has a deadlock for longer than it takes to find one. */
    static final class SwitchedOff {
        private SwitchedOff() {}

        public static void main(String[] arguments) {
            Heddle heddle = Heddle.builder(Model.GREEN).deadlockDetection(false).open();
            Channel<Integer> channel = heddle.channel(0);
            Task<Integer> receiver = heddle.start(() -> channel.receive());
            Thread main = Thread.currentThread();
            // A name of the JDK's: a thread that is not taken for one that might send.
            Thread.ofPlatform().daemon().name("Common-Cleaner").start(() -> {
                LockSupport.parkNanos(A_WHILE_MILLIS * 1_000_000);
                System.out.println(
                        receiver.isDone() || main.getState() != Thread.State.WAITING ? "ended" : "still waiting");
                System.exit(0);
            });
            heddle.close();
        }
    }

    /** Has a deadlock under a global lock. */
    static final class Locked {
        private Locked() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (Heddle heddle = Heddle.builder(Model.GREEN).globalLock().open()) {
                Channel<Integer> never = heddle.channel(0);
                Task<Integer> receiver = heddle.start(() -> {
                    try {
                        return never.receive();
                    } catch (DeadlockException e) {
                        System.out.println("deadlock");
                        return 0;
                    }
                });
                receiver.join();
            }
        }
    }
}
