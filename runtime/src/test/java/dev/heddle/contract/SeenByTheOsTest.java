package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A task is something that the operating system knows and schedules. */
class SeenByTheOsTest extends ContractTest {
    private static final Path PROC = Path.of("/proc");

    /** {@return the process and thread that is executing this, as a path below /proc} */
    static String whereAmI() throws IOException {
        return Files.readSymbolicLink(PROC.resolve("thread-self")).toString();
    }

    @Test
    void liveTasksAreAtAsManyPlacesInProc() throws Exception {
        Heddle heddle = heddle();
        int count = model == Model.PROCESS ? heddle.processors() : 20;
        Channel<String> places = heddle.channel(0);
        Channel<Integer> gate = heddle.channel(0);
        List<Task<?>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tasks.add(heddle.start(() -> {
                places.send(whereAmI());
                gate.receive();
            }));
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < count; i++) {
            seen.add(places.receive());
        }
        if (exempt(Exemption.NOT_SEEN_BY_THE_OS)) {
            assertThat(seen).hasSizeLessThan(count);
            if (model == Model.FIBER) {
                assertThat(seen).containsExactly(whereAmI());
            }
        } else {
            assertThat(seen)
                    .hasSize(count)
                    .doesNotContain(whereAmI())
                    .allSatisfy(place -> assertThat(PROC.resolve(place)).isDirectory());
        }
        for (int i = 0; i < count; i++) {
            gate.send(i);
        }
        for (Task<?> task : tasks) {
            task.join();
        }
    }
}
