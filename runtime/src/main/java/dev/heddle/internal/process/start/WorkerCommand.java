package dev.heddle.internal.process.start;

import dev.heddle.internal.WorkerOptions;
import dev.heddle.internal.agent.AgentFlag;
import dev.heddle.internal.process.worker.WorkerMain;
import java.io.File;
import java.io.IOException;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The command line of a worker: the same Java, class path and modules as this JVM, so that what a job names exists
 * there, and the same agent of Heddle's.
 *
 * <p>Of this JVM's flags a worker gets those that the runtime needs, so that it can open heddles of its own. They are
 * asked of the module system and not read from the command line, since they may as well come from a jar's manifest.
 */
public final class WorkerCommand {
    private static final Class<?> MAIN = WorkerMain.class;

    private WorkerCommand() {}

    /**
     * {@return the command}
     *
     * @param options what the builder collected
     * @param cache by which it starts
     * @param cached whether it is to use that, if it is there
     * @param arguments for {@link WorkerMain}
     */
    public static List<String> of(WorkerOptions options, WorkerCache cache, boolean cached, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(java());
        addOwnFlags(command, options);
        command.addAll(neededFlags());
        if (cached) {
            command.addAll(cache.flags());
        }
        String caches = System.getProperty(WorkerCache.PROPERTY);
        if (caches != null) {
            command.add("-D" + WorkerCache.PROPERTY + "=" + caches); // for its own workers
        }
        command.addAll(AgentFlag.ofThisJvm());
        command.addAll(options.jvmFlags());
        addCode(command, options, cache.leading());
        command.addAll(arguments);
        return command;
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static void addOwnFlags(List<String> command, WorkerOptions options) {
        command.add("-XX:-UsePerfData"); // a file in /tmp that kill -9 would leave behind
        // Standard output belongs to the jobs: what the JVM itself has to say goes to the other one.
        command.add("-XX:+DisplayVMOutputToStderr");
        command.add("-Xlog:disable");
        command.add("-Xlog:all=warning:stderr");
        command.add("-XX:-CreateCoredumpOnCrash");
        command.add("-XX:ErrorFile=" + errorFile("%p"));
        // A worker runs one task, mostly on one core, and there are as many as cores: parallel collectors would only
        // get into each other's way, and start more slowly.
        if (options.jvmFlags().stream().noneMatch(flag -> flag.matches("-XX:\\+Use\\w+GC"))) {
            command.add("-XX:+UseSerialGC");
        }
        if (options.heapBytes() > 0) {
            command.add("-Xmx" + options.heapBytes());
        }
        if (options.cpus() > 0) {
            command.add("-XX:ActiveProcessorCount="
                    + Math.min(options.cpus(), Runtime.getRuntime().availableProcessors()));
        }
    }

    /**
     * {@return where a worker's JVM writes its report if it crashes}
     *
     * @param pid the worker's process id
     */
    public static Path errorFile(String pid) {
        return Path.of(System.getProperty("java.io.tmpdir"), "heddle_hs_err_pid" + pid + ".log");
    }

    /**
     * {@return the report of a worker's JVM, or null if it has written none}
     *
     * @param pid the worker's process id, which another may have had before
     * @param born when the process was started, in {@link System#currentTimeMillis}
     */
    public static @Nullable Path errorFileOf(long pid, long born) {
        Path file = errorFile(Long.toString(pid));
        try {
            return Files.getLastModifiedTime(file).toMillis() >= born ? file : null;
        } catch (IOException e) {
            return null; // there is none
        }
    }

    /** {@return the flags that Heddle needs and this JVM has} */
    static List<String> neededFlags() {
        List<String> flags = new ArrayList<>();
        Module heddle = MAIN.getModule();
        String name = heddle.isNamed() ? heddle.getName() : "ALL-UNNAMED";
        if (Object.class.getModule().isOpen("java.lang", heddle)) {
            flags.add("--add-opens=java.base/java.lang=" + name);
        }
        if (heddle.isNativeAccessEnabled()) {
            flags.add("--enable-native-access=" + name);
        }
        return flags;
    }

    private static void addCode(List<String> command, WorkerOptions options, @Nullable Path leading) {
        command.addAll(moduleFlags(options.folder()));
        String classPath = path(
                Stream.concat(
                        Stream.ofNullable(leading == null ? null : leading.toString()),
                        Stream.concat(
                                Stream.of(System.getProperty("java.class.path", "")),
                                options.classPath().stream().map(Path::toString))),
                options.folder());
        if (!classPath.isEmpty()) {
            command.add("--class-path=" + classPath);
        }
        command.addAll(main(MAIN));
    }

    /**
     * {@return the flags for the modules of this JVM, if it has any but the JDK's}
     *
     * @param folder where the paths are to be read, or null for where this JVM is
     */
    static List<String> moduleFlags(@Nullable Path folder) {
        String modulePath = System.getProperty("jdk.module.path");
        if (modulePath == null) {
            return List.of();
        }
        // All that is resolved here, also what only --add-modules or services brought in.
        String modules = ModuleLayer.boot().configuration().modules().stream()
                .filter(WorkerCommand::isOfApplication)
                .map(ResolvedModule::name)
                .sorted()
                .collect(Collectors.joining(","));
        String path = "--module-path=" + path(Stream.of(modulePath), folder);
        return modules.isEmpty() ? List.of(path) : List.of(path, "--add-modules=" + modules);
    }

    /** {@return how to start a class of Heddle's} */
    static List<String> main(Class<?> type) {
        Module heddle = type.getModule();
        return List.of(heddle.isNamed() ? "--module=" + heddle.getName() + "/" + type.getName() : type.getName());
    }

    /** {@return the entries of the paths as one, and as this process means them if the worker is in another folder} */
    private static String path(Stream<String> paths, @Nullable Path folder) {
        return paths.flatMap(path -> Arrays.stream(path.split(File.pathSeparator)))
                .filter(entry -> !entry.isEmpty())
                .map(entry ->
                        folder == null ? entry : Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static boolean isOfApplication(ResolvedModule module) {
        @Nullable URI location = module.reference().location().orElse(null);
        return location == null || !"jrt".equals(location.getScheme());
    }
}
