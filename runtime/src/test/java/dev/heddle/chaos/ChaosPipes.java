package dev.heddle.chaos;

import dev.heddle.ChannelClosedException;
import dev.heddle.Heddle;
import dev.heddle.Job;
import dev.heddle.Pipe;
import dev.heddle.Received;
import dev.heddle.SharedLongs;
import dev.heddle.Task;
import dev.heddle.TaskOptions;
import dev.heddle.WorkerDiedException;
import dev.heddle.testing.HeddleTest;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Pipes, one after the other, each between the parent and a task that may die. What a task has sent before its death arrives, in
 * order, and then the death is told; what it is sent it gets in order, and whoever sends to the dead is told.
 */
final class ChaosPipes {
    private static final int ELEMENTS_MAX = 400;

    /** What stands in the elements for the number of a channel. */
    private static final int PIPE = 9;

    private static final TaskOptions ONCE = ChaosRound.LIMITED.retries(0);

    private final Heddle heddle;
    private final ChaosThings things;
    private final Outcomes outcomes;
    private final ChaosTally tally;
    private final BooleanSupplier goesOn;

    /** How many elements the task has sent or received. */
    private final SharedLongs passed;

    ChaosPipes(Heddle heddle, ChaosThings things, Outcomes outcomes, ChaosTally tally, BooleanSupplier goesOn) {
        this.heddle = heddle;
        this.things = things;
        this.outcomes = outcomes;
        this.tally = tally;
        this.goesOn = goesOn;
        this.passed = heddle.sharedLongs(1);
    }

    /**
     * What the task does.
     *
     * @param sends whether it sends, or receives
     * @param elements how many
     */
    private record User(
            ChaosThings things,
            Pipe<Element> pipe,
            SharedLongs passed,
            boolean sends,
            int elements,
            Kill kill,
            long seed)
            implements Job<Integer> {
        @Override
        public Integer call() throws InterruptedException {
            things.begin();
            SplittableRandom random = new SplittableRandom(seed);
            if (kill != null) {
                things.strikeSoon(kill, random);
            }
            for (int i = 0; i < elements; i++) {
                if (sends) {
                    pipe.send(new Element(PIPE, i, 0, ChaosThings.length(random)));
                } else {
                    check(pipe.receive(), i);
                }
                passed.set(0, i + 1);
            }
            return elements;
        }
    }

    void play(SplittableRandom random) throws InterruptedException {
        while (goesOn.getAsBoolean()) {
            passed.set(0, 0);
            boolean sends = random.nextBoolean();
            Pipe<Element> pipe = heddle.pipe();
            int elements = random.nextInt(ELEMENTS_MAX);
            Task<Integer> task = heddle.start(
                    new User(things, pipe, passed, sends, elements, Kill.perhaps(random), random.nextLong()), ONCE);
            int here = sends ? receive(pipe, task) : send(pipe, task, elements, random);
            String outcome = "with its value";
            try {
                if (task.get() != here) {
                    throw new AssertionError(task.get() + " elements went into a pipe, and " + here + " came out");
                }
            } catch (ExecutionException e) {
                outcome = outcomes.failed(ONCE, e.getCause());
                checkCounts(sends, here, e.getCause());
            }
            pipe.close();
            tally.count("a pipe's task ended " + outcome);
        }
    }

    private static void check(Element element, int number) {
        element.check(PIPE);
        if (element.number() != number) {
            throw new AssertionError("element " + element.number() + " came out of a pipe instead of " + number);
        }
    }

    /** One element may have been on its way. */
    private void checkCounts(boolean sends, int here, Throwable end) {
        long there = passed.get(0);
        boolean wrong = sends ? here < there || here > there + 1 : there > here + 1;
        if (wrong && !(end instanceof TimeoutException)) { // then the code may go on for a moment
            throw new AssertionError(
                    "the parent counts " + here + " elements in a pipe, and the dead counted " + there, end);
        }
    }

    /** {@return how many came until the task had ended, and its death was told if it used the pipe} */
    private int receive(Pipe<Element> pipe, Task<Integer> task) throws InterruptedException {
        int count = 0;
        long endedAt = 0;
        while (true) {
            boolean ended = task.isDone(); // before the last look
            switch (pipe.receive(HeddleTest.SHORT)) {
                case Received.Element<Element>(Element element) -> check(element, count++);
                case Received.Closed<Element>(Throwable cause) -> {
                    if (cause instanceof WorkerDiedException) {
                        return count;
                    }
                    throw new AssertionError("a pipe was closed", cause);
                }
                case Received.Empty<Element> empty -> {
                    if (ended && (count == 0 || !isByDeath(task))) {
                        return count;
                    }
                    endedAt = ended && endedAt == 0 ? System.nanoTime() : endedAt;
                    if (endedAt != 0 && System.nanoTime() - endedAt > HeddleTest.LONG.toNanos()) {
                        throw new AssertionError("whoever receives is not told that the sender has died");
                    }
                }
            }
        }
    }

    private static boolean isByDeath(Task<?> task) {
        return task.state() == Task.State.FAILED && task.exceptionNow() instanceof WorkerDiedException;
    }

    /** {@return how many were sent until the task had ended} */
    private static int send(Pipe<Element> pipe, Task<Integer> task, int elements, SplittableRandom random)
            throws InterruptedException {
        int count = 0;
        try {
            while (count < elements && !task.isDone()) {
                Element element = new Element(PIPE, count, 0, ChaosThings.length(random));
                count += pipe.send(element, HeddleTest.SHORT) ? 1 : 0;
            }
        } catch (ChannelClosedException e) {
            if (!(e.getCause() instanceof WorkerDiedException)) {
                throw new AssertionError("a pipe was closed", e);
            }
        }
        return count;
    }
}
