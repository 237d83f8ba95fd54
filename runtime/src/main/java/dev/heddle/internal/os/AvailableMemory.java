package dev.heddle.internal.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much RAM there is to be had without swapping, which is less where a container has a limit. */
public final class AvailableMemory {
    private AvailableMemory() {}

    /** {@return the bytes, or {@link Long#MAX_VALUE} where that cannot be found out} */
    public static long bytes() {
        return bytes(Path.of("/proc"), Path.of("/sys/fs/cgroup"));
    }

    static long bytes(Path proc, Path cgroups) {
        return Math.min(ofMachine(proc), ofContainer(proc, cgroups));
    }

    private static long ofMachine(Path proc) {
        try {
            return field(proc.resolve("meminfo"), "MemAvailable:") * 1024;
        } catch (IOException | NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    /** The limits of cgroups, version 2, from the process's own upwards. The caches of files can be dropped, so do not count. */
    private static long ofContainer(Path proc, Path cgroups) {
        long least = Long.MAX_VALUE;
        try {
            String own = Files.readAllLines(proc.resolve("self/cgroup")).stream()
                    .filter(line -> line.startsWith("0::/"))
                    .findFirst()
                    .orElse("0::/")
                    .substring("0::/".length());
            for (Path group = cgroups.resolve(own);
                    group != null && group.startsWith(cgroups);
                    group = group.getParent()) {
                Path limit = group.resolve("memory.max");
                if (Files.exists(limit) && !read(limit).equals("max")) {
                    Path statistics = group.resolve("memory.stat");
                    long files = field(statistics, "file") - field(statistics, "shmem");
                    long used = Long.parseLong(read(group.resolve("memory.current"))) - files;
                    least = Math.min(least, Math.max(0, Long.parseLong(read(limit)) - used));
                }
            }
        } catch (IOException | NumberFormatException e) {
            return least;
        }
        return least;
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file).trim();
    }

    private static long field(Path file, String name) throws IOException {
        for (String line : Files.readAllLines(file)) {
            String[] words = line.trim().split("\\s+");
            if (words.length > 1 && words[0].equals(name)) {
                return Long.parseLong(words[1]);
            }
        }
        throw new IOException(file + " has no " + name);
    }
}
