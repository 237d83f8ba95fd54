package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.ChildJvm;
import dev.heddle.testing.HeddleTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** 100,000 green tasks wait on a channel at once, with the JVM's default heap. */
class WaitingGreenTasksTest extends HeddleTest {
    private static final int COUNT = 100_000;

    @Test
    void aHundredThousandWaitAtOnce() throws Exception {
        ChildJvm program = ChildJvm.run(Program.class);
        assertThat(program.output()).contains("waiting: " + COUNT, "woken: " + COUNT);
        assertThat(program.exitCode()).isZero();
    }

    /** Runs in a JVM of its own. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (Heddle heddle = Heddle.open(Model.GREEN)) {
                Channel<Integer> gate = heddle.channel(0);
                List<Task<Integer>> tasks = new ArrayList<>(COUNT);
                for (int i = 0; i < COUNT; i++) {
                    tasks.add(heddle.start(() -> gate.receive()));
                }
                eventually("all wait", () -> heddle.stats().parked() == COUNT);
                System.out.println("waiting: " + heddle.stats().parked());
                for (int i = 0; i < COUNT; i++) {
                    gate.send(1);
                }
                int woken = 0;
                for (Task<Integer> task : tasks) {
                    woken += task.join();
                }
                System.out.println("woken: " + woken);
            }
        }
    }
}
