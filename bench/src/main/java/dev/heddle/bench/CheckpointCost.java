package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.internal.agent.Checkpoints;
import dev.heddle.internal.agent.ClassRewriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code bench/run checkpoints}: what the checkpoints cost that the agent inserts. The {@link Computations} are loaded twice, without and
 * with them, and take turns, so that whatever else happens on the machine meets both. What counts is processor time of the thread.
 */
public final class CheckpointCost {
    private static final int ROUNDS = 25;
    private static final long ROUND_NANOS = 2_000_000;
    private static final long WARM_UP_NANOS = 400_000_000;
    private static final double MOST = 1.3;

    /** How many classes are rewritten to see how long it takes: as many as a small program loads. */
    private static final int CLASSES = 300;

    private static final double MOST_MILLIS_A_CLASS = 2;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Keeps results from being optimized away. */
    @SuppressWarnings("UnusedVariable") // it is for the compiler
    private static volatile long sink;

    private CheckpointCost() {}

    private static final class WithCheckpoints extends ClassLoader {
        private static final String PREFIX = Computations.class.getName();

        private final ClassRewriter rewriter = new ClassRewriter(
                new Checkpoints(
                        Heddle.class.getName(),
                        true,
                        "checkpoint",
                        name -> name.replace('/', '.').startsWith(PREFIX)),
                text -> {
                    throw new IllegalStateException(text);
                });

        WithCheckpoints() {
            super(CheckpointCost.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(PREFIX)) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] file = in.readAllBytes();
                byte[] rewritten = rewriter.rewrite(file);
                byte[] bytes = rewritten == null ? file : rewritten;
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * {@return how many milliseconds of processor time it takes to rewrite a class, the mean of so many} In a JVM that has rewritten none before, since
     * that is when programs load theirs. The classes are those of {@code java.util}, in the order of their names.
     */
    private static double millisAClass() throws IOException {
        List<byte[]> files = new ArrayList<>();
        Path folder = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules/java.base/java/util");
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) all.filter(path -> path.toString().endsWith(".class"))
                    .sorted()
                    .limit(CLASSES)::iterator) {
                files.add(Files.readAllBytes(file));
            }
        }
        ClassRewriter rewriter =
                new ClassRewriter(new Checkpoints(Heddle.class.getName(), true, "checkpoint", name -> true), text -> {
                    throw new IllegalStateException(text);
                });
        long start = THREADS.getCurrentThreadCpuTime();
        int changed = 0;
        for (byte[] file : files) {
            changed += rewriter.rewrite(file) == null ? 0 : 1;
        }
        double millis = (THREADS.getCurrentThreadCpuTime() - start) / 1e6 / files.size();
        System.out.printf(
                "%d of %d classes got checkpoints: %.2f ms a class, at most %.1f%n%n",
                changed, files.size(), millis, MOST_MILLIS_A_CLASS);
        return millis;
    }

    /**
     * Prints a table; the exit code is 1 if the geometric mean, or the time to rewrite a class, is not within its bar.
     *
     * @param args the names of some computations, or nothing for all
     */
    public static void main(String[] args) throws IOException, ReflectiveOperationException {
        double millisAClass = millisAClass();
        Class<?> plain = Computations.class;
        Class<?> rewritten = Class.forName(Computations.class.getName(), true, new WithCheckpoints());
        List<String> names = Arrays.stream(plain.getDeclaredMethods())
                .filter(method -> method.getParameterCount() == 0
                        && method.getReturnType() == long.class
                        && !Modifier.isPrivate(method.getModifiers()))
                .map(Method::getName)
                .filter(name -> args.length == 0 || List.of(args).contains(name))
                .sorted(Comparator.naturalOrder())
                .toList();
        System.out.println("| computation | ns | with checkpoints |");
        System.out.println("|---|---|---|");
        double logs = 0;
        for (String name : names) {
            double ratio = measure(name, method(plain, name), method(rewritten, name));
            logs += Math.log(ratio);
        }
        double mean = Math.exp(logs / names.size());
        System.out.printf("| geometric mean, at most %.1f | | %.2f |%n", MOST, mean);
        System.exit(mean <= MOST && millisAClass <= MOST_MILLIS_A_CLASS ? 0 : 1);
    }

    private static Method method(Class<?> type, String name) throws NoSuchMethodException {
        Method method = type.getDeclaredMethod(name);
        method.setAccessible(true); // the rewritten class is in another package to the JVM
        return method;
    }

    private static double measure(String name, Method plain, Method rewritten) throws ReflectiveOperationException {
        int once = warmUp(plain);
        warmUp(rewritten);
        List<Double> without = new ArrayList<>();
        List<Double> with = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            without.add(nanos(plain, once));
            with.add(nanos(rewritten, once));
        }
        double ratio = Measurement.median(with) / Measurement.median(without);
        System.out.printf("| %s | %,.0f | %.2f |%n", name, Measurement.median(without), ratio);
        return ratio;
    }

    /** {@return how many calls fill a round} */
    private static int warmUp(Method method) throws ReflectiveOperationException {
        double last = 0;
        for (double spent = 0; spent < WARM_UP_NANOS; spent += 10 * last) {
            last = nanos(method, 10);
        }
        return (int) Math.max(1, ROUND_NANOS / last);
    }

    /** {@return the time of a call} */
    private static double nanos(Method method, int calls) throws ReflectiveOperationException {
        long start = THREADS.getCurrentThreadCpuTime();
        long sum = 0;
        for (int i = 0; i < calls; i++) {
            sum += (long) method.invoke(null);
        }
        sink = sum;
        return (double) (THREADS.getCurrentThreadCpuTime() - start) / calls;
    }
}
