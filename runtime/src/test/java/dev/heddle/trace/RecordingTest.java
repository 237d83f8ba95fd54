package dev.heddle.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Model;
import dev.heddle.trace.TraceEvent.Kind;
import dev.heddle.trace.TraceEvent.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {
    private static final Recording SMALL = Recording.of(
            Model.PROCESS,
            Instant.parse("2026-11-27T06:00:00.123456789Z"),
            Duration.ofMillis(5),
            List.of(new Lane(2, "w-worker-2"), new Lane(1, "w-worker-1")),
            Map.of(7L, "Primes", 9L, "Primes", -31L, "der Zähler"),
            List.of(
                    new TraceEvent(10, Kind.MOUNT, 7, 1, 0),
                    new TraceEvent(0, Kind.START, 7, TraceEvent.NO_LANE, 0),
                    new TraceEvent(10, Kind.LOCK_TAKEN, -31, 2, Long.MAX_VALUE),
                    new TraceEvent(5_000_000, Kind.WORKER_EXIT, 0, 2, -1)),
            3);

    private static final Recording WITH_STACKS = SMALL.withStacks(
            List.of(List.of("Primes.run(Primes.java:7)", "Primes.main(Primes.java:3)"), List.of("Zähler.zähle()")));

    @TempDir
    private Path folder;

    @Test
    void eventsAndLanesAreInOrder() {
        assertThat(SMALL.lanes()).extracting(Lane::number).containsExactly(1, 2);
        List<Kind> kinds = new ArrayList<>();
        SMALL.forEach(event -> kinds.add(event.kind()));
        assertThat(kinds).containsExactly(Kind.START, Kind.MOUNT, Kind.LOCK_TAKEN, Kind.WORKER_EXIT);
        assertThat(SMALL.taskName(7)).isEqualTo("Primes");
        assertThat(SMALL.taskName(8)).isEqualTo("task 8");
        assertThat(SMALL.taskName(-8)).isEqualTo("thread 8");
    }

    @Test
    void aFileHoldsAllOfIt() throws Exception {
        Path file = folder.resolve("small.heddle");
        for (Recording one : List.of(SMALL, WITH_STACKS)) {
            one.writeTo(file);
            Recording read = Recording.readFrom(file);
            requireSmall(read);
            assertThat(read.stacks()).isEqualTo(one.stacks());
        }
    }

    @Test
    void anEventHasTheStackThatItNames() {
        TraceEvent waits = new TraceEvent(0, Kind.WAITS_AT, 7, 1, 1);
        assertThat(WITH_STACKS.stack(waits)).containsExactly("Zähler.zähle()");
        assertThat(WITH_STACKS.stack(new TraceEvent(0, Kind.WAITS_AT, 7, 1, 2))).isEmpty();
        assertThat(WITH_STACKS.stack(new TraceEvent(0, Kind.MOUNT, 7, 1, 1))).isEmpty();
        assertThat(SMALL.stack(waits)).isEmpty();
    }

    private static void requireSmall(Recording read) {
        assertThat(read.model()).isEqualTo(SMALL.model());
        assertThat(read.start()).isEqualTo(SMALL.start());
        assertThat(read.duration()).isEqualTo(SMALL.duration());
        assertThat(read.lanes()).isEqualTo(SMALL.lanes());
        assertThat(read.lost()).isEqualTo(3);
        assertThat(read.size()).isEqualTo(SMALL.size());
        for (int i = 0; i < read.size(); i++) {
            assertThat(read.event(i)).isEqualTo(SMALL.event(i));
        }
        for (long task : new long[] {-31, 7, 8, 9}) {
            assertThat(read.taskName(task)).isEqualTo(SMALL.taskName(task));
        }
    }

    @Test
    void aDamagedFileIsASentence() throws Exception {
        Path file = folder.resolve("small.heddle");
        WITH_STACKS.writeTo(file);
        byte[] good = Files.readAllBytes(file);
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        Path bad = folder.resolve("bad.heddle");
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = Arrays.copyOf(good, random.nextInt(4) == 0 ? random.nextInt(good.length) : good.length);
            for (int n = random.nextInt(3); n >= 0 && bytes.length > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            if (!Arrays.equals(bytes, good)) {
                Files.write(bad, bytes);
                requireDamagedOrSmall(bad, "seed " + seed + ", file " + i);
            }
        }
    }

    /** Deflated bytes have some bits that mean nothing to whoever inflates them. */
    private static void requireDamagedOrSmall(Path file, String which) {
        try {
            requireSmall(Recording.readFrom(file));
        } catch (IOException e) {
            assertThat(e).as(which).hasMessageStartingWith(file + " is ");
        }
    }

    @Test
    void reasonsAreReadFromTheDetail() {
        assertThat(new TraceEvent(0, Kind.UNMOUNT, 1, 0, 1).reason()).isEqualTo(Reason.CHANNEL);
        assertThat(new TraceEvent(0, Kind.UNMOUNT, 1, 0, 99).reason()).isEqualTo(Reason.OTHER);
    }
}
