package dev.heddle.chaos;

import java.util.List;
import java.util.SplittableRandom;

/** What a task is doing when its worker is killed. */
@SuppressWarnings("ImmutableEnumChecker") // the code captures nothing
enum Work {
    COMPUTE((things, sender, random) -> {
        for (int i = random.nextInt(100_000); i > 0; i--) {
            Thread.onSpinWait();
        }
    }),
    SEND_UP((things, sender, random) -> things.send(ChaosThings.UP, sender, random)),
    SEND_ACROSS((things, sender, random) -> things.send(ChaosThings.ACROSS, sender, random)),
    RECEIVE_DOWN((things, sender, random) -> things.receive(ChaosThings.DOWN, random)),
    RECEIVE_ACROSS((things, sender, random) -> things.receive(ChaosThings.ACROSS, random)),
    SELECT(ChaosThings::select),
    HOLD_A_MUTEX((things, sender, random) -> things.change(random)),
    HOLD_PERMITS((things, sender, random) -> things.take(random)),
    WRITE_SHARED_MEMORY((things, sender, random) -> things.write(ChaosJob.taskOf(sender), random.nextLong()));

    static final List<Work> ALL = List.of(values());

    private final Step step;

    /** Some of it, which is done again and again. */
    @FunctionalInterface
    interface Step {
        void take(ChaosThings things, long sender, SplittableRandom random) throws InterruptedException;
    }

    Work(Step step) {
        this.step = step;
    }

    void step(ChaosThings things, long sender, SplittableRandom random) throws InterruptedException {
        step.take(things, sender, random);
    }
}
