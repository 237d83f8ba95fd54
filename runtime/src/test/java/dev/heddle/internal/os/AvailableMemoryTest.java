package dev.heddle.internal.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AvailableMemoryTest {
    @TempDir
    Path folder;

    private Path proc;
    private Path cgroups;

    @BeforeEach
    void aMachineWithAThousandKilobytes() throws IOException {
        proc = Files.createDirectories(folder.resolve("proc"));
        cgroups = Files.createDirectories(folder.resolve("cgroup"));
        Files.writeString(proc.resolve("meminfo"), "MemTotal: 2000 kB\nMemAvailable:    1000 kB\n");
        write(proc.resolve("self/cgroup"), "4:memory:/old\n0::/outer/inner\n");
        write(cgroups.resolve("outer/inner/memory.max"), "max\n");
    }

    private static void write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private long bytes() {
        return AvailableMemory.bytes(proc, cgroups);
    }

    @Test
    void withoutALimitItIsWhatTheMachineHas() {
        assertThat(bytes()).isEqualTo(1_024_000);
    }

    @Test
    void aLimitOfAnOuterGroupCountsAndCachedFilesDoNot() throws IOException {
        write(cgroups.resolve("outer/memory.max"), "500000\n");
        write(cgroups.resolve("outer/memory.current"), "400000\n");
        write(cgroups.resolve("outer/memory.stat"), "anon 100000\nfile 300000\nshmem 50000\n");
        assertThat(bytes()).isEqualTo(350_000);
        write(cgroups.resolve("memory.max"), "100\n");
        write(cgroups.resolve("memory.current"), "200\n");
        write(cgroups.resolve("memory.stat"), "file 0\nshmem 0\n");
        assertThat(bytes()).isZero();
    }

    @Test
    void whatIsNotThereIsNoLimit() throws IOException {
        Files.delete(proc.resolve("meminfo"));
        Files.delete(proc.resolve("self/cgroup"));
        assertThat(bytes()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void thisMachineHasSome() {
        assertThat(AvailableMemory.bytes()).isPositive();
    }
}
