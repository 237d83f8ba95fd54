package dev.heddle.internal.process;

import dev.heddle.Channel;
import dev.heddle.FiberBacking;
import dev.heddle.LimitPolicy;
import dev.heddle.Model;
import dev.heddle.internal.Failures;
import dev.heddle.internal.Options;
import dev.heddle.internal.Parker;
import dev.heddle.internal.Seams;
import dev.heddle.internal.WorkerOptions;
import dev.heddle.internal.process.start.WorkerCache;
import dev.heddle.internal.process.start.WorkerCommand;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The program that makes a {@link WorkerCache}: lets a worker run a task, as workers do, under a JVM that writes down what
 * it needed for that and makes the cache when it ends; tries whether a JVM takes it; and gives it its name. It outlives
 * the program that has started it, if need be, for short programs would never have a cache else; but not by more than {@link #LIMIT_MILLIS}.
 *
 * <p>Only one process at a time does this in a folder: a lock on a file, which the system lets go when it dies.
 */
public final class WorkerCacheMaker {
    /** How long it may take in all; a few seconds, where nothing else wants the CPUs. */
    private static final long LIMIT_MILLIS = TimeUnit.MINUTES.toMillis(5);

    /** How many caches a folder holds. */
    private static final int KEPT = 8;

    private WorkerCacheMaker() {}

    /**
     * Makes a cache, unless somebody else does.
     *
     * @param args the file, and the flags of the workers' JVMs beside those that all have
     * @throws IOException if not even the reason of a failure can be written down
     */
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]);
        Thread.ofPlatform().daemon().start(WorkerCacheMaker::limitTime);
        try (FileChannel channel = FileChannel.open(
                        file.resolveSibling("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null && !Files.exists(file) && tidy(file)) {
                make(file, List.of(args).subList(1, args.length));
            }
        }
    }

    private static void limitTime() {
        try {
            Thread.sleep(LIMIT_MILLIS);
        } catch (InterruptedException e) {
            return; // nobody does that
        }
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        Runtime.getRuntime().halt(1);
    }

    /**
     * Deletes what is left of those that were interrupted, the caches of jars that have been written anew since, and those that were not used
     * for the longest time.
     *
     * @param next the cache for which there is to be room
     * @return whether there is room for another; not if all that are there were used in the last day, since then they would only
     *     take each other's place
     */
    static boolean tidy(Path next) throws IOException {
        String place = WorkerCache.place(next);
        List<Path> caches = new ArrayList<>();
        try (Stream<Path> files = Files.list(WorkerCache.folder(next))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.getFileName().toString();
                if (name.endsWith(".aot") && !name.startsWith(place)) {
                    caches.add(file);
                } else if (name.endsWith(".aot")
                        || name.contains(".tmp")
                        || (name.endsWith(".failed") && WorkerCache.age(file) > WorkerCache.RETRY_MILLIS)) {
                    Files.delete(file);
                }
            }
        }
        caches.sort(Comparator.comparingLong(file -> file.toFile().lastModified()));
        while (caches.size() >= KEPT) {
            Path oldest = caches.removeFirst();
            if (WorkerCache.age(oldest) < WorkerCache.RETRY_MILLIS) {
                return false;
            }
            Files.delete(oldest);
        }
        return true;
    }

    private static void make(Path file, List<String> flags) throws IOException {
        Path unfinished = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
        Queue<String> said = new ConcurrentLinkedQueue<>();
        try {
            train(
                    Stream.concat(flags.stream(), Stream.of("-XX:AOTCacheOutput=" + unfinished))
                            .toList(),
                    said);
            if (accepts(flags, unfinished)) {
                Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
                return;
            }
            said.add("the JVM does not take what it has made");
        } catch (Exception e) { // whatever it is, it is written down
            said.add(e.toString());
        }
        Files.deleteIfExists(unfinished);
        Files.write(WorkerCache.failure(file), said);
    }

    /** Has a worker do what most first tasks do. */
    private static void train(List<String> flags, Queue<String> said) throws Exception {
        try (ProcessHeddle heddle = new ProcessHeddle(options(flags, said::add))) {
            Channel<Integer> channel = heddle.channel(1);
            heddle.start(() -> {
                        channel.send(1);
                        return channel.receive();
                    })
                    .join();
        }
    }

    private static boolean accepts(List<String> flags, Path cache) throws IOException, InterruptedException {
        List<String> strict = new ArrayList<>(flags);
        strict.add("-XX:AOTMode=on");
        strict.add("-XX:AOTCache=" + cache);
        return new ProcessBuilder(WorkerCommand.of(
                                options(strict, line -> {}).workers(), WorkerCache.NONE, false, List.of()))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    private static Options options(List<String> flags, Consumer<String> output) {
        WorkerOptions workers = new WorkerOptions(
                flags,
                List.of(),
                0,
                0,
                Map.of(),
                null,
                (worker, line) -> output.accept(line),
                0,
                Parker.FOREVER,
                0,
                LIMIT_MILLIS);
        return new Options(
                Model.PROCESS,
                "cache",
                1,
                0,
                0,
                false,
                false,
                FiberBacking.CONTINUATION,
                0,
                LimitPolicy.BLOCK,
                0,
                false,
                Failures::printUncaught,
                workers,
                Seams.SYSTEM);
    }
}
