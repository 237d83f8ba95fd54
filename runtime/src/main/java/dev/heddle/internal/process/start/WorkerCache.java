package dev.heddle.internal.process.start;

import dev.heddle.internal.WorkerOptions;
import dev.heddle.internal.agent.AgentFlag;
import dev.heddle.internal.os.AvailableMemory;
import dev.heddle.internal.process.worker.WorkerMain;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.CodeSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's AOT cache (JEP 483, 514, 515) of the classes that a worker needs until it runs its first task, so that it
 * is ready in half the time. One file for each JDK, Heddle and set of JVM flags, in the user's cache folder.
 *
 * <p>Problem: it takes seconds to make; it must fit the JVM and the code to the byte, of which the JDK checks less than it says
 * (25.0.3 runs old classes when a jar has changed); a cache that the JDK refuses makes workers slower than none, and one that is
 * damaged crashes them. And nobody must notice it but by speed. Rejected: to have the first worker that ends write it, which
 * would hold up ends and write down what users' jobs have loaded; a cache of the whole class path, which no other program
 * can use and each change of a jar makes useless.
 *
 * <p>Approach: when a worker has started without, a process of low priority, the {@code WorkerCacheMaker}, makes it for the next ones, and
 * gives it its name when it is complete and has been tried. All that it depends on is in its name: what has changed leads to
 * another file, and the one before, which nobody can use any more, makes room. It has the classes of the JDK and of Heddle's jar, the first on the class path of workers, since the JDK wants
 * to see the same jars at the beginning as when it was made.
 *
 * <p>If a worker does not get as far as its first message, the next one starts without, and the start does not count as a failure. If that
 * one gets as far, or, where that can be seen, a worker runs without the cache that it was given, the cache is deleted and not made again for a
 * day.
 *
 * <p>Other programs of the user make, use and delete the same file at any time. A worker that has it mapped keeps it; one that
 * comes too late is the case above.
 */
public final class WorkerCache {
    /** The system property for where caches are, or {@code off}. */
    static final String PROPERTY = "heddle.workerCache";

    static final String OFF = "off";

    private static final System.Logger LOGGER = System.getLogger("dev.heddle");

    /** How long what has not worked is not tried again. */
    public static final long RETRY_MILLIS = TimeUnit.DAYS.toMillis(1);

    /** How much memory must be left. The making takes half of that for a moment, and must not get others killed. */
    private static final long MAKING_BYTES = 1L << 30;

    /** The JVM cannot have a larger heap with the object layout of smaller ones, and the cache is for one of them. */
    private static final long SMALL_HEAP = 31L << 30;

    /** Flags that do not matter for the cache, and may name what only one process can have. */
    private static final Pattern IRRELEVANT = Pattern.compile("-(D|Xlog|verbose).*");

    /** Flags with which the JVM refuses it, or the making would do more than to start a worker. */
    private static final Pattern UNSUITABLE =
            Pattern.compile("@.*|-p|-(agent|javaagent|Xrun|Xdebug|Xshare|Xbootclasspath).*"
                    + "|--(module-path|patch-module|limit-modules|upgrade-module-path).*"
                    + "|-XX:.*(AOT|Archive|Shared|CDS|Recording|Flags=|VMOptionsFile=).*");

    /** What else can give the JVM such flags. */
    private static final List<String> VARIABLES =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "JDK_AOT_VM_OPTIONS");

    /** For workers that can have none. */
    public static final WorkerCache NONE = new WorkerCache(null, null, List.of(), Map.of());

    /** What is known of jars: each is read but once, since a jar whose classes this JVM has loaded does not become another. */
    private static final Map<Path, Boolean> ALL_HEDDLES = new ConcurrentHashMap<>();

    /** What this JVM has tried to make. */
    private static final Set<Path> MADE = ConcurrentHashMap.newKeySet();

    /** Null if these workers can have none. */
    private final @Nullable Path file;

    private final @Nullable Path leading;
    private final List<String> making;
    private final Map<String, String> environment;

    /** Why it is not used any more, or null. */
    private volatile @Nullable String refusal;

    /** Whether a worker that started without it was seen, and one that started with it; one of each is enough. */
    private volatile boolean missed;

    private volatile boolean used;

    private WorkerCache(
            @Nullable Path file, @Nullable Path leading, List<String> making, Map<String, String> environment) {
        this.file = file;
        this.leading = leading;
        this.making = making;
        this.environment = environment;
    }

    /**
     * {@return the cache for workers, which need not be there yet}
     *
     * @param options what the builder collected
     * @param maker the program that makes it, which opens a heddle for that
     */
    public static WorkerCache of(WorkerOptions options, Class<?> maker) {
        Path folder = folder();
        if (folder == null
                || !AgentFlag.ofThisJvm().isEmpty() // the JVM links no classes ahead that an agent wants to see
                || options.jvmFlags().stream().anyMatch(UNSUITABLE.asMatchPredicate())
                || VARIABLES.stream()
                        .anyMatch(name -> System.getenv(name) != null
                                || options.environment().containsKey(name))) {
            return NONE;
        }
        try {
            boolean named = WorkerMain.class.getModule().isNamed();
            Path jar = named ? null : leadingJar();
            List<Path> code = named ? modules() : jar == null ? List.of() : List.of(jar);
            if (code.isEmpty()) {
                return NONE;
            }
            List<String> flags = relevant(options);
            Path file = folder.resolve("worker-" + key(code, flags) + ".aot");
            return new WorkerCache(file, jar, making(maker, jar, file, flags), options.environment());
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "workers start without a cache", e);
            return NONE;
        }
    }

    // ---- what it is called

    private static @Nullable Path folder() {
        String asked = System.getProperty(PROPERTY);
        if (asked != null) {
            return asked.equals(OFF) ? null : Path.of(asked).toAbsolutePath();
        }
        String xdg = System.getenv("XDG_CACHE_HOME");
        if (xdg != null && Path.of(xdg).isAbsolute()) {
            return Path.of(xdg, "heddle");
        }
        Path home = Path.of(System.getProperty("user.home", ""));
        boolean mac = System.getProperty("os.name").startsWith("Mac");
        return home.isAbsolute()
                ? home.resolve(mac ? "Library/Caches" : ".cache").resolve("heddle")
                : null;
    }

    private static List<String> relevant(WorkerOptions options) {
        List<String> flags = new ArrayList<>();
        if (options.heapBytes() > SMALL_HEAP) {
            flags.add("-Xmx" + options.heapBytes());
        }
        options.jvmFlags().stream()
                .filter(IRRELEVANT.asMatchPredicate().negate())
                .forEach(flags::add);
        return flags;
    }

    /** {@return Heddle's jar, if workers can have it first on their class path; else null} */
    private static @Nullable Path leadingJar() throws IOException {
        CodeSource source = WorkerMain.class.getProtectionDomain().getCodeSource();
        URI location = source == null ? null : URI.create(source.getLocation().toString());
        if (location == null || !"file".equals(location.getScheme())) {
            return null;
        }
        Path jar = Path.of(location);
        String first = System.getProperty("java.class.path", "").split(Pattern.quote(File.pathSeparator), 2)[0];
        if (!Files.isRegularFile(jar)) {
            return null;
        }
        return Path.of(first).toAbsolutePath().equals(jar) || isAllHeddles(jar) ? jar : null;
    }

    /** Only a jar with nothing else in it can be moved to the front of the class path without hiding something. */
    static boolean isAllHeddles(Path jar) throws IOException {
        Boolean known = ALL_HEDDLES.get(jar);
        if (known != null) {
            return known;
        }
        try (ZipFile file = new ZipFile(jar.toFile())) {
            boolean all = file.stream()
                    .allMatch(entry -> entry.getName().matches("META-INF/.*|dev/(heddle/.*)?|module-info\\.class"));
            ALL_HEDDLES.put(jar, all);
            return all;
        }
    }

    /** {@return the jars of the module path, or none if there is anything else in it} */
    private static List<Path> modules() throws IOException {
        List<Path> jars = new ArrayList<>();
        for (String entry : System.getProperty("jdk.module.path").split(Pattern.quote(File.pathSeparator))) {
            Path path = Path.of(entry).toAbsolutePath();
            if (Files.isDirectory(path)) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
                    files.forEach(jars::add);
                }
            } else {
                jars.add(path);
            }
        }
        return jars.stream().allMatch(jar -> jar.toString().endsWith(".jar")) ? jars : List.of();
    }

    /**
     * {@return a part that stays when a file is written anew, a dot, and a part that does not}
     *
     * @param code the files that the cache is of
     * @param flags of the JVM
     * @throws IOException if one of the files cannot be asked
     */
    public static String key(List<Path> code, List<String> flags) throws IOException {
        List<String> lasting = new ArrayList<>(flags);
        lasting.addAll(WorkerCommand.neededFlags());
        lasting.add(System.getProperty("java.home"));
        List<String> passing = new ArrayList<>();
        for (String property : List.of("java.vm.version", "java.vm.vendor", "os.name", "os.arch")) {
            passing.add(System.getProperty(property));
        }
        List<Path> files = new ArrayList<>(code);
        files.add(Path.of(System.getProperty("java.home"), "lib", "modules"));
        files.sort(null);
        for (Path file : files) {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            lasting.add(file.toString());
            passing.add(attributes.size() + " " + attributes.lastModifiedTime());
        }
        return hash(lasting) + "." + hash(passing);
    }

    private static UUID hash(List<String> parts) {
        return UUID.nameUUIDFromBytes(String.join("\n", parts).getBytes(StandardCharsets.UTF_8));
    }

    /** {@return the beginning of the names of all caches for the same place, those of an older Heddle there among them} */
    public static String place(Path file) {
        return file.getFileName().toString().split("\\.", 2)[0] + ".";
    }

    private static List<String> making(Class<?> maker, @Nullable Path jar, Path file, List<String> flags) {
        List<String> command = new ArrayList<>();
        Stream.of("/usr/bin/nice", "/bin/nice")
                .filter(nice -> Files.isExecutable(Path.of(nice)))
                .findFirst()
                .ifPresent(nice -> command.addAll(List.of(nice, "-n", "19")));
        command.add(WorkerCommand.java());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xmx64m"));
        command.add("-D" + PROPERTY + "=" + OFF);
        command.addAll(WorkerCommand.neededFlags());
        command.addAll(WorkerCommand.moduleFlags(folder(file)));
        if (jar != null) {
            command.add("--class-path=" + jar);
        }
        command.addAll(WorkerCommand.main(maker));
        command.add(file.toString());
        command.addAll(flags);
        return command;
    }

    // ---- for workers

    /** {@return whether it is there} */
    public boolean isThere() {
        return file != null && refusal == null && Files.isReadable(file) && isPrivate(folder(file));
    }

    /** {@return the flags for a JVM that is to use it} */
    List<String> flags() {
        // What it has to say of a cache that it cannot use is of no use to anybody.
        return List.of("-Xlog:aot*=off,cds*=off:stderr", "-XX:AOTCache=" + file);
    }

    /** {@return the jar that comes first on the class path of workers, or null for what comes first here} */
    @Nullable
    Path leading() {
        return leading;
    }

    /**
     * A worker that was given the cache has ended at its start. The next one goes without.
     *
     * @param why for whoever looks into the folder
     */
    public void refused(String why) {
        refusal = why;
        missed = false; // if that one starts, it was the cache
    }

    /**
     * {@return whether {@link #started} is to be called for a worker}
     *
     * @param cached whether it was given the cache
     */
    public boolean isOfInterest(boolean cached) {
        return file != null && !(cached ? used : missed);
    }

    /**
     * A worker has started: makes the cache if there is none, or looks whether it is used. Takes some milliseconds.
     *
     * @param pid its process
     * @param cached whether it was given the cache
     */
    public void started(long pid, boolean cached) {
        if (file == null) {
            return;
        }
        try {
            if (cached) {
                used = true;
                if (isMapped(file, pid)) {
                    Files.setLastModifiedTime(file, FileTime.from(Instant.now())); // see the maker's tidy()
                    return;
                }
                refused("the JVM did not take it");
            }
            missed = true;
            String why = refusal;
            if (why == null) {
                make(file);
            } else if (Files.deleteIfExists(file)) {
                Files.writeString(failure(file), why);
            }
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "the cache for workers cannot be kept", e);
        }
    }

    private static boolean isMapped(Path file, long pid) {
        String name = Objects.toString(file.getFileName());
        try (Stream<String> maps = Files.lines(Path.of("/proc/" + pid + "/maps"), StandardCharsets.ISO_8859_1)) {
            return maps.anyMatch(line -> line.contains(name));
        } catch (IOException e) {
            return true; // who knows: there is no such file elsewhere, and none of a process that has ended
        }
    }

    /** {@return the file that says why there is none} */
    public static Path failure(Path file) {
        return file.resolveSibling(file.getFileName() + ".failed");
    }

    private void make(Path file) throws IOException {
        Path failure = failure(file);
        if (!MADE.add(file) || Files.exists(file) || (Files.exists(failure) && age(failure) < RETRY_MILLIS)) {
            return;
        }
        Path folder = folder(file);
        if (!Files.isDirectory(folder)) {
            createPrivate(folder);
        }
        if (!isPrivate(folder) || !Files.isWritable(folder) || AvailableMemory.bytes() < MAKING_BYTES) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(making)
                .directory(folder.toFile()) // since it may outlive this process, which may be in one to be removed
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        builder.start().getOutputStream().close();
    }

    /** {@return the folder of a cache} */
    public static Path folder(Path file) {
        return Objects.requireNonNull(file.getParent());
    }

    /**
     * {@return how many milliseconds ago a file was written or used}
     *
     * @param file there is one
     * @throws IOException if there is none
     */
    public static long age(Path file) throws IOException {
        return System.currentTimeMillis() - Files.getLastModifiedTime(file).toMillis();
    }

    private static boolean isPosix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    private static void createPrivate(Path folder) throws IOException {
        Files.createDirectories(Objects.requireNonNull(folder.getParent()));
        if (isPosix()) {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectory(folder);
        }
    }

    /** What is in the folder is executed, so nobody else may write there. */
    private static boolean isPrivate(Path folder) {
        if (!isPosix()) {
            return true;
        }
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
            return !permissions.contains(PosixFilePermission.GROUP_WRITE)
                    && !permissions.contains(PosixFilePermission.OTHERS_WRITE)
                    && List.of("root", System.getProperty("user.name"))
                            .contains(Files.getOwner(folder).getName());
        } catch (IOException e) {
            return false; // then nobody can tell
        }
    }
}
