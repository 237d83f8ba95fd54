package dev.heddle.lab.workload;

import dev.heddle.lab.UsageException;
import dev.heddle.lab.measure.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What keeps the number of network clients down on this machine.
 *
 * @param most how many clients it allows, at least 1
 * @param why what it is, and where it is set
 */
public record ClientLimit(long most, String why) {
    /** A client takes a socket that listens, one that serves, and one of its own. */
    private static final long FILES_PER_CLIENT = 3;

    /** What a JVM has open beside. */
    private static final long OTHER_FILES = 300;

    /** The socket that listens has a port of its own, and so has the client's. */
    private static final long PORTS_PER_CLIENT = 2;

    /** What an OS thread and its sockets' buffers take, with room to spare: nothing may push the machine to its end. */
    private static final long BYTES_PER_CLIENT = 256 << 10;

    /** {@return the limit that comes first} */
    public static ClientLimit strictest() {
        return Stream.of(files(), ports(), memory())
                .min(Comparator.comparingLong(ClientLimit::most))
                .orElseThrow();
    }

    /** @throws UsageException if a process may not have enough files open to serve so many clients at the same time */
    static void requireFiles(int clients) {
        long files = openFiles();
        if (clients > files / FILES_PER_CLIENT) {
            throw new UsageException(
                    clients + " clients at the same time need " + Units.grouped(clients * FILES_PER_CLIENT)
                            + " open files, and a process may have " + Units.grouped(files)
                            + " here: take fewer, or raise the limit (ulimit -Hn)");
        }
    }

    private static ClientLimit files() {
        long files = openFiles();
        return limit((files - OTHER_FILES) / FILES_PER_CLIENT, "a process may have N files open (ulimit -Hn)", files);
    }

    /** The hard limit: a JVM raises its own to that. */
    private static long openFiles() {
        return lines("/proc/self/limits").stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.substring("Max open files".length()).strip().split(" +")[1])
                .mapToLong(hard -> hard.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(hard))
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    private static ClientLimit ports() {
        long ports = lines("/proc/sys/net/ipv4/ip_local_port_range").stream()
                .map(line -> line.strip().split("\\s+"))
                .mapToLong(range -> Long.parseLong(range[1]) - Long.parseLong(range[0]) + 1)
                .findFirst()
                .orElse(Long.MAX_VALUE);
        return limit(ports / PORTS_PER_CLIENT, "there are N ports (sysctl net.ipv4.ip_local_port_range)", ports);
    }

    private static ClientLimit memory() {
        long bytes = lines("/proc/meminfo").stream()
                .filter(line -> line.startsWith("MemTotal:"))
                .mapToLong(line -> Long.parseLong(line.split(" +")[1]) * 1024 / 2)
                .findFirst()
                .orElse(Long.MAX_VALUE);
        return limit(bytes / BYTES_PER_CLIENT, "half of the memory is N MiB", bytes >> 20);
    }

    private static ClientLimit limit(long most, String sentence, long value) {
        return new ClientLimit(Math.max(1, most), sentence.replace("N", Units.grouped(value)));
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException e) {
            return List.of(); // another system: then it shows when it is tried
        }
    }
}
