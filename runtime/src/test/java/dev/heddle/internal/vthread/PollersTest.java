package dev.heddle.internal.vthread;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.ChildJvm;
import dev.heddle.testing.HeddleTest;
import org.junit.jupiter.api.Test;

/** In a JVM of its own, where nobody has used a socket before. */
class PollersTest extends HeddleTest {
    @Test
    void socketsOfAllVirtualThreadsWorkWhoeverRunsThePollers() throws Exception {
        ChildJvm child = ChildJvm.run(PollersProgram.class);
        assertThat(child.output()).contains("all echoed");
        assertThat(child.exitCode()).isZero();
    }
}
