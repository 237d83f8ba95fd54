package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Task;
import org.junit.jupiter.api.Test;

/** {@code dump()} says what each task does. */
class DumpTest extends ContractTest {
    @Test
    void aTaskThatWaitsIsThereWithItsReasonAndItsStack() throws Exception {
        try (Heddle heddle = open(options -> options.processors(2))) {
            Channel<Integer> gate = heddle.channel(0);
            Task<Integer> task = heddle.start(() -> gate.receive());
            String dump = dumpOnce(1, heddle);
            assertThat(dump).contains(heddle + ": ", "tasks: 1 live", "task " + task.id());
            if (exempt(Exemption.SHARED_MEMORY)) {
                assertThat(dump)
                        .contains("task " + task.id() + " waits to receive from channel", "    at ", "DumpTest.lambda");
            } else {
                assertThat(dump).containsPattern("task " + task.id() + " executes in worker .*process [0-9]+");
            }
            gate.send(3);
            assertThat(task.join()).isEqualTo(3);
        }
    }

    @Test
    void tasksThatDoTheSameShareAnEntry() throws Exception {
        try (Heddle heddle = open(options -> options.processors(2))) {
            Channel<Integer> gate = heddle.channel(0);
            for (int i = 0; i < 2; i++) {
                heddle.start(() -> gate.receive());
            }
            String dump = dumpOnce(2, heddle);
            assertThat(dump).contains("tasks: 2 live");
            if (exempt(Exemption.SHARED_MEMORY)) {
                assertThat(dump.lines().filter(line -> line.contains("waits to receive")))
                        .singleElement()
                        .asString()
                        .matches("2 tasks \\([0-9]+, [0-9]+\\), each waits to receive from channel .*");
            } else {
                assertThat(dump.lines().filter(line -> line.contains(" executes in worker ")))
                        .hasSize(2);
            }
            gate.send(1);
            gate.send(2);
        }
    }

    @Test
    void withoutTasksItIsShort() {
        try (Heddle heddle = open(options -> options.processors(2))) {
            assertThat(heddle.dump()).startsWith(heddle + ": ").contains("tasks: 0 live, 0 started, 0 failed");
        }
    }

    /** {@return a dump, made when so many tasks wait} A task that counts as waiting may be about to do so. */
    private String dumpOnce(int waiting, Heddle heddle) {
        awaitWaiting(heddle, waiting);
        if (exempt(Exemption.SHARED_MEMORY)) {
            eventually("they wait", () -> {
                String dump = heddle.dump();
                return dump.contains(waiting == 1 ? " waits to receive" : ", each waits to receive");
            });
        }
        return heddle.dump();
    }
}
