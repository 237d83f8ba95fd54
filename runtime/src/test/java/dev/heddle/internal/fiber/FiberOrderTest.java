package dev.heddle.internal.fiber;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.FiberBacking;
import dev.heddle.Heddle;
import dev.heddle.Mutex;
import dev.heddle.Select;
import dev.heddle.Semaphore;
import dev.heddle.Task;
import dev.heddle.testing.HeddleTest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** The same program runs in the same order each time, and with both backings, as long as nothing from outside takes part. */
class FiberOrderTest extends HeddleTest {
    private static final int PROGRAMS = Integer.getInteger("heddle.fiber.programs", 100);
    private static final int FIBERS = 6;
    private static final int MOST_FIBERS = 12;
    private static final int STEPS = 12;

    @Test
    void aProgramHasOneTrace() throws Exception {
        long seed = System.nanoTime();
        for (int i = 0; i < PROGRAMS; i++) {
            List<String> first = Program.run(FiberBacking.CONTINUATION, seed + i);
            for (FiberBacking backing : FiberBacking.values()) {
                assertThat(Program.run(backing, seed + i))
                        .as("program of seed %d once more, %s", seed + i, backing)
                        .isEqualTo(first);
            }
        }
    }

    /** A program of fibers that do all that lets others run, at random by a seed. Each step is noted. */
    private static final class Program {
        private final Heddle heddle;
        private final SplittableRandom random;
        private final List<String> trace = new ArrayList<>();
        private final List<Task<?>> tasks = new ArrayList<>();
        private final List<Channel<Integer>> channels = new ArrayList<>();
        private final Mutex mutex;
        private final Semaphore semaphore;

        private Program(Heddle heddle, long seed) {
            this.heddle = heddle;
            this.random = new SplittableRandom(seed);
            for (int capacity : new int[] {0, 0, 1, 3}) {
                channels.add(heddle.channel(capacity));
            }
            mutex = heddle.mutex();
            semaphore = heddle.semaphore(2);
        }

        static List<String> run(FiberBacking backing, long seed) {
            try (Heddle heddle = FiberTest.open(backing)) {
                Program program = new Program(heddle, seed);
                for (int i = 0; i < FIBERS; i++) {
                    program.start();
                }
                program.serve();
                return program.trace;
            }
        }

        /** Has the fibers run, and those go on that wait for one that never comes. */
        private void serve() {
            while (!tasks.stream().allMatch(Task::isDone)) {
                Heddle.yield();
                for (Channel<Integer> channel : channels) {
                    trace.add("owner: " + channel.tryReceive() + ", " + channel.trySend(-1));
                }
            }
        }

        private void start() {
            int number = tasks.size();
            SplittableRandom choices = random.split();
            tasks.add(heddle.start(() -> {
                try {
                    for (int step = 0; step < STEPS; step++) {
                        trace.add(number + " begins step " + step);
                        trace.add(number + ": " + act(number, choices));
                    }
                } catch (InterruptedException e) {
                    trace.add(number + " is interrupted");
                }
            }));
        }

        private String act(int me, SplittableRandom choices) throws InterruptedException {
            Channel<Integer> channel = channels.get(choices.nextInt(channels.size()));
            Task<?> other = tasks.get(choices.nextInt(tasks.size()));
            int element = choices.nextInt(100);
            return switch (choices.nextInt(12)) {
                case 0, 1 -> "switches, " + Heddle.switchTo(other);
                case 2, 3 -> {
                    channel.send(element);
                    yield "has sent " + element;
                }
                case 4, 5 -> "has received " + channel.receive();
                case 6 -> select(channel, element, choices.nextLong());
                case 7 -> {
                    semaphore.acquire();
                    try {
                        Heddle.yield();
                    } finally {
                        semaphore.release();
                    }
                    yield "had a permit";
                }
                case 8 -> {
                    mutex.lock();
                    try {
                        Heddle.yield();
                    } finally {
                        mutex.unlock();
                    }
                    yield "had the mutex";
                }
                case 9 -> join(tasks.get(me / 2));
                case 10 -> {
                    if (tasks.size() < MOST_FIBERS) {
                        start();
                    }
                    yield "has started one";
                }
                default -> choices.nextInt(3) == 0 ? "cancels, " + other.cancel(true) : yieldOnce();
            };
        }

        private String select(Channel<Integer> channel, int element, long seed) throws InterruptedException {
            return new Select<String>()
                    .seed(seed)
                    .receive(channels.get(0), received -> "has selected " + received)
                    .receive(channels.get(2), received -> "has selected " + received)
                    .send(channel, () -> element, () -> "has selected to send " + element)
                    .await();
        }

        /** Of lower numbers only, so that there is no circle. */
        private static String join(Task<?> lower) throws InterruptedException {
            try {
                lower.join();
                return "has joined";
            } catch (CancellationException e) {
                return "has joined one that was cancelled";
            } catch (IllegalStateException e) {
                return "would join itself";
            }
        }

        private static String yieldOnce() {
            Heddle.yield();
            return "has yielded";
        }
    }
}
