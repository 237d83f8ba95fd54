package dev.heddle.lab.doctor;

import dev.heddle.Heddle;
import dev.heddle.lab.peer.Language;
import dev.heddle.lab.peer.Peer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Examines the machine and this JVM. */
public final class Doctor {
    private static final Module RUNTIME = Heddle.class.getModule();
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Path LOAD = Path.of("/proc/loadavg");

    /** What a few workers with full rings need. */
    private static final long ROOM_BYTES = 64L * 1024 * 1024;

    private Doctor() {}

    /** {@return what was found, in the order in which it should be read} */
    public static List<Check> examine() {
        List<Check> checks = new ArrayList<>();
        checks.add(jdk(Runtime.version()));
        checks.add(flag(
                "add-opens",
                Object.class.getModule().isOpen("java.lang", RUNTIME),
                "--add-opens java.base/java.lang=ALL-UNNAMED",
                "GREEN and FIBER cannot put virtual threads on Heddle's scheduler"));
        checks.add(flag(
                "native",
                RUNTIME.isNativeAccessEnabled(),
                "--enable-native-access=ALL-UNNAMED",
                "the JVM warns, and a later one will refuse, calls of affinity and futexes"));
        checks.add(cpus(Runtime.getRuntime().availableProcessors()));
        cgroup().ifPresent(checks::add);
        checks.add(affinity());
        checks.add(sharedMemory());
        for (Language language : Language.values()) {
            checks.add(peers(language, System.getenv().getOrDefault("PATH", "")));
        }
        load().ifPresent(checks::add);
        checks.add(Check.ok("flags", flags()));
        return checks;
    }

    static Check jdk(Runtime.Version version) {
        String found = "JDK " + version + " " + System.getProperty("java.vendor");
        if (version.feature() < 25) {
            return Check.fail("JDK", found, "install a JDK 25 or newer");
        }
        List<String> bugs = new ArrayList<>();
        if (isBelow(version, "25.0.3")) {
            bugs.add("JDK-8369227 (a virtual thread that was unparked stays parked)");
        }
        if (isBelow(version, "25.0.4")) {
            bugs.add("JDK-8373120 (a virtual thread stays blocked on a monitor that is free)");
        }
        if (!bugs.isEmpty()) {
            return Check.warn(
                    "JDK",
                    found + " can lose a wake-up of a green thread or fiber: " + String.join(", ", bugs),
                    "install JDK 25.0.4 or newer, once your vendor has it");
        }
        return Check.ok("JDK", found);
    }

    /** Whether this is a JDK 25 from before that update; the first update of 26 has both mended. */
    private static boolean isBelow(Runtime.Version version, String update) {
        return version.feature() == 25 && version.compareToIgnoreOptional(Runtime.Version.parse(update)) < 0;
    }

    private static Check flag(String name, boolean present, String flag, String otherwise) {
        return present
                ? Check.ok(name, flag + " is set")
                : Check.fail(
                        name,
                        flag + " is missing: " + otherwise,
                        "start through ./heddle, or pass " + flag + " to java");
    }

    static Check cpus(int cpus) {
        return cpus >= 2
                ? Check.ok("CPUs", cpus + " CPUs for this JVM")
                : Check.warn(
                        "CPUs",
                        "1 CPU for this JVM: nothing runs at the same time, so no comparison of models is valid",
                        "give the machine or container at least 2 CPUs");
    }

    private static Optional<Check> cgroup() {
        return read(Path.of("/sys/fs/cgroup/cpu.max"))
                .filter(limit -> !limit.startsWith("max"))
                .map(limit -> {
                    String[] parts = limit.strip().split(" ");
                    double cpus = Double.parseDouble(parts[0]) / Double.parseDouble(parts[1]);
                    return Check.warn(
                            "cgroup",
                            String.format(
                                    Locale.ROOT,
                                    "this container may use %.1f CPUs; beyond that the kernel stops it for a while,"
                                            + " which shows as outliers",
                                    cpus),
                            "measure without a CPU limit, or read the maxima with care");
                });
    }

    private static Check affinity() {
        Optional<String> allowed = read(Path.of("/proc/self/status"))
                .flatMap(status -> status.lines()
                        .filter(line -> line.startsWith("Cpus_allowed_list:"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst());
        return allowed.map(list ->
                        Check.ok("affinity", "may run on CPUs " + list + ", and confine itself to some of them"))
                .orElseGet(() -> Check.warn(
                        "affinity",
                        "this system does not tell: processors(n) below the number of CPUs is a soft bound here",
                        "use Linux where the bound has to be hard"));
    }

    private static Check sharedMemory() {
        if (!Files.isDirectory(SHARED_MEMORY)) {
            return Check.warn(
                    "/dev/shm",
                    "is not there; PROCESS uses the folder for temporary files",
                    "use Linux for full speed");
        }
        try {
            FileStore store = Files.getFileStore(SHARED_MEMORY);
            long room = store.getUsableSpace();
            String found = room / 1024 / 1024 + " MiB free for the rings of PROCESS";
            if (!Files.isWritable(SHARED_MEMORY)) {
                return Check.fail("/dev/shm", "cannot be written", "chmod 1777 /dev/shm");
            }
            return room >= ROOM_BYTES
                    ? Check.ok("/dev/shm", found)
                    : Check.warn(
                            "/dev/shm",
                            found,
                            "give it more: mount -o remount,size=1g /dev/shm, or docker run --shm-size=1g");
        } catch (IOException e) {
            return Check.fail("/dev/shm", "cannot be examined: " + e, "mount a tmpfs there");
        }
    }

    static Check peers(Language language, String path) {
        return Peer.find(language.tool(), path)
                .map(tool ->
                        Check.ok(language.tool(), tool + " is there for the programs that Heddle is measured beside"))
                .orElseGet(() -> Check.warn(
                        language.tool(),
                        "is not installed, so `heddle answers` has no row of " + language,
                        "install Debian's " + language.packages()));
    }

    private static Optional<Check> load() {
        return read(LOAD).map(text -> {
            double load = Double.parseDouble(text.split(" ")[0]);
            int cpus = Runtime.getRuntime().availableProcessors();
            String found = String.format(Locale.ROOT, "load average of %.1f on %d CPUs", load, cpus);
            return load < cpus * 0.5
                    ? Check.ok("load", found)
                    : Check.warn(
                            "load", found + ": others are at work, and times will be noisy", "wait, or end what runs");
        });
    }

    private static String flags() {
        List<String> flags = ManagementFactory.getRuntimeMXBean().getInputArguments();
        return flags.isEmpty() ? "none" : String.join(" ", flags);
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            return Optional.empty(); // another system, or not allowed: then there is nothing to say
        }
    }
}
