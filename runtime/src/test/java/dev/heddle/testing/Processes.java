package dev.heddle.testing;

import dev.heddle.Job;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** Which process it is, whether it lives, and what it has left behind. */
public final class Processes {
    /** Says in which process it runs. */
    public static final Job<Long> PID = () -> ProcessHandle.current().pid();

    private Processes() {}

    /** {@return whether the process runs; one that has died and that the system's init has yet to reap does not} */
    public static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent() && !isZombie(pid);
    }

    private static boolean isZombie(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (NoSuchFileException e) {
            return false; // no such file system; or no such process, of which ProcessHandle knows
        } catch (IOException e) {
            return true; // it has been reaped while it was looked at
        }
    }

    /** {@return the shared memory files that exist now, made by that process} */
    public static Set<Path> sharedMemoryFiles(long pid) {
        Path shm = Path.of("/dev/shm");
        if (!Files.isDirectory(shm)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.list(shm)) {
            return new HashSet<>(
                    files.filter(file -> file.getFileName().toString().startsWith("heddle-" + pid + "-"))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
