package dev.heddle.lab.measure;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/**
 * Reads what Linux tells about processes below {@code /proc}. A process may end at any moment: what is read of one that
 * has ended is 0.
 */
public final class ProcFs {
    /** Whether this is a Linux. */
    public static final boolean PRESENT = Files.isReadable(Path.of("/proc/self/stat"));

    /** The unit of the times below /proc: USER_HZ, which is 100 on every Linux that Java runs on. */
    private static final long TICK_NANOS = 10_000_000;

    private static final String ALLOWED = "\nCpus_allowed_list:";

    private ProcFs() {}

    /**
     * Time of all the machine's processors since boot.
     *
     * @param total all of it, idle or not
     * @param used without idling: by any program, the kernel, and the hypervisor's other guests (steal)
     */
    public record MachineTime(long total, long used) {}

    /**
     * Context switches.
     *
     * @param all because a thread waited, or because it had to make room for another
     * @param forced the latter alone
     */
    public record Switches(long all, long forced) {}

    /** {@return that time} */
    public static MachineTime machine() {
        return time(read("/proc/stat").lines().findFirst().orElse(""));
    }

    /** {@return that time of each processor by itself, in the order of their numbers} */
    public static List<MachineTime> processors() {
        return read("/proc/stat")
                .lines()
                .filter(line -> line.matches("cpu[0-9]+ .*"))
                .map(ProcFs::time)
                .toList();
    }

    private static MachineTime time(String line) {
        // cpu user nice system idle iowait irq softirq steal guest guest_nice; user includes guest
        long[] ticks = Arrays.stream(line.split(" +"))
                .skip(1)
                .limit(8)
                .mapToLong(Long::parseLong)
                .toArray();
        long total = Arrays.stream(ticks).sum();
        long idle = ticks.length < 5 ? 0 : ticks[3] + ticks[4];
        return new MachineTime(total * TICK_NANOS, (total - idle) * TICK_NANOS);
    }

    /**
     * @param pid of a process
     * @return its processor time and that of its children that have ended, in nanoseconds
     */
    public static long cpuNanos(long pid) {
        String stat = read("/proc/" + pid + "/stat");
        // The name, in parentheses, may hold anything; utime, stime, cutime and cstime are the 12th to 15th field after
        // it.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ");
        long ticks = 0;
        for (int i = 11; i <= 14 && i < fields.length; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks * TICK_NANOS;
    }

    /**
     * @param pid of a process
     * @return context switches of its living threads
     */
    public static Switches switches(long pid) {
        long all = 0;
        long forced = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads) {
                String status = read(thread + "/status");
                long mine = field(status, "nonvoluntary_ctxt_switches:");
                all += field(status, "voluntary_ctxt_switches:") + mine;
                forced += mine;
            }
        } catch (IOException | DirectoryIteratorException e) {
            return new Switches(all, forced); // the process has ended
        }
        return new Switches(all, forced);
    }

    /**
     * @param pid of a process
     * @return its largest resident memory since the start or the last {@link #resetPeakRss}
     */
    public static long peakRssBytes(long pid) {
        return field(read("/proc/" + pid + "/status"), "VmHWM:") * 1024;
    }

    /**
     * @param pid of a process
     * @return its resident memory now
     */
    public static long rssBytes(long pid) {
        return field(read("/proc/" + pid + "/status"), "VmRSS:") * 1024;
    }

    /** Forgets the peak so far, where the kernel lets us; where not, the peak counts from the start of the process. */
    static void resetPeakRss(long pid) {
        try {
            Files.writeString(Path.of("/proc/" + pid + "/clear_refs"), "5");
        } catch (IOException e) {
            return; // the process has ended, or a container forbids it
        }
    }

    /**
     * @param pid of a process
     * @return the OS threads that it has now
     */
    public static long threads(long pid) {
        return field(read("/proc/" + pid + "/status"), "Threads:");
    }

    /** {@return how many OS threads of the whole machine execute or are ready to, the one that asks among them} */
    static long ready() {
        String[] fields = read("/proc/loadavg").split("[ /]");
        return fields.length < 4 ? 0 : Long.parseLong(fields[3]);
    }

    /**
     * OS threads that are executing or ready to.
     *
     * @param threads how many
     * @param cpus the CPUs that any of them may use, a bit each
     */
    public record Ready(long threads, BitSet cpus) {
        /** {@return how many of them could execute at the same instant, if nobody else were there} */
        public long atOnce() {
            return Math.min(threads, cpus.cardinality());
        }
    }

    /**
     * @param pids of processes
     * @return their OS threads that are executing or ready to
     */
    public static Ready ready(Collection<Long> pids) {
        long ready = 0;
        BitSet cpus = new BitSet();
        for (long pid : pids) {
            try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
                for (Path thread : threads) {
                    String status = read(thread + "/status");
                    if (status.contains("\nState:\tR")) {
                        ready++;
                        addCpus(cpus, status);
                    }
                }
            } catch (IOException | DirectoryIteratorException e) {
                // The process has ended, and what was counted of it was there.
            }
        }
        return new Ready(ready, cpus);
    }

    /** Reads a list such as {@code 0-3,8}. */
    private static void addCpus(BitSet cpus, String status) {
        int start = status.indexOf(ALLOWED);
        if (start < 0) {
            return; // it has ended
        }
        String list = status.substring(start + ALLOWED.length(), status.indexOf('\n', start + 1))
                .strip();
        for (String range : list.split(",")) {
            String[] ends = range.split("-");
            cpus.set(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1);
        }
    }

    private static long field(String status, String name) {
        int start = status.startsWith(name) ? 0 : status.indexOf("\n" + name) + 1;
        if (start == 0 && !status.startsWith(name)) {
            return 0;
        }
        int end = status.indexOf('\n', start);
        String value = status.substring(start + name.length(), end < 0 ? status.length() : end)
                .trim();
        int unit = value.indexOf(' ');
        return Long.parseLong(unit < 0 ? value : value.substring(0, unit));
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            return ""; // the process has ended
        }
    }
}
