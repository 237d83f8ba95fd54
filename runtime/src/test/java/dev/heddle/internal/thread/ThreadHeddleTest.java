package dev.heddle.internal.thread;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import dev.heddle.internal.os.CpuAffinity;
import dev.heddle.testing.HeddleTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The threads of a heddle are confined to as many CPUs as it has processors. */
class ThreadHeddleTest extends HeddleTest {
    /** {@return the CPUs that the kernel lets the calling thread use} */
    private static int cpusOfThisThread() throws IOException {
        String mask = Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip().replace(",", ""))
                .findFirst()
                .orElseThrow();
        byte[] bytes = HexFormat.of().parseHex(mask.length() % 2 == 0 ? mask : "0" + mask);
        return BitSet.valueOf(bytes).cardinality(); // in whatever order
    }

    private static int allowed() {
        return CpuAffinity.allowed().cardinality();
    }

    @Test
    void aThreadIsConfinedBeforeItsJobBegins() throws Exception {
        try (Heddle heddle = Heddle.builder(Model.THREAD).processors(1).open()) {
            for (int i = 0; i < 50; i++) {
                assertThat(heddle.submit(() -> cpusOfThisThread()).join()).isEqualTo(1);
            }
        }
    }

    @Test
    void liveThreadsFollowTheNumber() throws Exception {
        try (Heddle heddle = Heddle.builder(Model.THREAD).processors(1).open()) {
            Channel<Integer> ask = heddle.channel(0);
            Channel<Integer> answer = heddle.channel(0);
            Task<?> task = heddle.submit(() -> {
                for (int ignored : ask) {
                    answer.send(cpusOfThisThread());
                }
                return 0;
            });
            for (int n : new int[] {1, allowed(), 1, allowed() + 5}) {
                heddle.processors(n);
                ask.send(n);
                assertThat(answer.receive()).isEqualTo(Math.min(n, allowed()));
            }
            ask.close();
            task.join();
        }
    }

    @Test
    void aThreadThatStartsWhileTheNumberChangesFollowsIt() throws Exception {
        try (Heddle heddle = Heddle.builder(Model.THREAD).processors(1).open()) {
            for (int round = 0; round < 200; round++) {
                int n = 1 + round % 2;
                Channel<Integer> set = heddle.channel(0);
                List<Task<Integer>> tasks = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    tasks.add(heddle.submit(() -> {
                        for (int ignored : set) {
                            throw new IllegalStateException("nothing is sent");
                        }
                        return cpusOfThisThread();
                    }));
                    if (i == 1) {
                        heddle.processors(n);
                    }
                }
                set.close();
                for (Task<Integer> task : tasks) {
                    assertThat(task.join()).as("round %s", round).isEqualTo(Math.min(n, allowed()));
                }
            }
        }
    }

    @Test
    void oneStartedFromAConfinedThreadOfAnotherHeddleIsNotConfined() throws Exception {
        try (Heddle narrow = Heddle.builder(Model.THREAD).processors(1).open();
                Heddle wide = Heddle.open(Model.THREAD)) {
            int cpus = narrow.submit(() -> wide.submit(() -> cpusOfThisThread()).join())
                    .join();
            assertThat(cpus).isEqualTo(allowed());
        }
    }

    @Test
    void aThreadIsNamedAfterItsHeddleAndTask() throws Exception {
        try (Heddle heddle = Heddle.builder(Model.THREAD).name("loom").open()) {
            Task<String> task = heddle.start(() -> Thread.currentThread().getName());
            assertThat(task.join()).isEqualTo("loom-" + task.id());
        }
    }
}
