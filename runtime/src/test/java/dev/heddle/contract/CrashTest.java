package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import dev.heddle.WorkerDiedException;
import dev.heddle.testing.ChildJvm;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A crash takes down the task that crashes, and nothing else. */
class CrashTest extends ContractTest {
    @ParameterizedTest(name = "System.exit: {0}")
    @ValueSource(booleans = {true, false})
    void aTaskThatEndsItsJvmEndsAlone(boolean orderly) throws Exception {
        if (exempt(Exemption.CRASHES_TOGETHER)) {
            ChildJvm program = ChildJvm.run(Crasher.class, subject.name(), String.valueOf(orderly));
            assertThat(program.exitCode()).as(program.output()).isEqualTo(42);
            assertThat(program.output()).doesNotContain("outlived");
            return;
        }
        Heddle heddle = heddle();
        Channel<Integer> gate = heddle.channel(0);
        Task<Integer> bystander = heddle.start(() -> gate.receive());
        Task<?> crash = heddle.start(() -> Crasher.crash(orderly));
        assertThatThrownBy(crash::join)
                .isInstanceOf(TaskFailedException.class)
                .cause()
                .isInstanceOfSatisfying(WorkerDiedException.class, death -> {
                    assertThat(death.exitCode()).isEqualTo(42);
                    assertThat(ProcessHandle.of(death.pid())).isEmpty();
                    assertThat(death)
                            .hasMessageContaining(String.valueOf(death.pid()))
                            .hasMessageContaining("42");
                });
        gate.send(7);
        assertThat(bystander.join()).as("the task beside it").isEqualTo(7);
        assertThat(heddle.start(() -> 8).join()).as("a task after it").isEqualTo(8);
    }
}
