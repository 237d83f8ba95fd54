package dev.heddle.lab.probe;

import dev.heddle.Channel;
import dev.heddle.FiberBacking;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.SharedLongs;
import dev.heddle.Task;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The program that {@link Prober} asks about Heddle's own models; a model, a number of processors and the backing of
 * fibers are its arguments. */
public final class HeddleProbe {
    private static final long TURNS = 50_000_000;
    private static final int MOVING = 8;
    private static final int WAITS = 20;

    /** Waited in Heddle, since a fiber on an OS thread lets no other run while it sleeps in the JDK. */
    private static final Duration MILLISECOND = Duration.ofMillis(1);

    /** Written by a unit; whether its creator sees it depends on the model. */
    private static volatile int written;

    private final Heddle heddle;

    private HeddleProbe(Heddle heddle) {
        this.heddle = heddle;
    }

    /**
     * @param model of whose tasks
     * @param processors of its heddle
     * @param backing of fibers
     * @return what to start
     */
    public static List<String> command(Model model, int processors, FiberBacking backing) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens",
                "java.base/java.lang=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                HeddleProbe.class.getName(),
                model.name(),
                String.valueOf(processors),
                backing.name());
    }

    /**
     * Answers until standard input ends.
     *
     * @param args the model, the number of processors and the backing of fibers
     * @throws Exception if a unit failed
     */
    public static void main(String[] args) throws Exception {
        try (Heddle heddle = Heddle.builder(Model.valueOf(args[0]))
                .processors(Integer.parseInt(args[1]))
                .fiberBacking(FiberBacking.valueOf(args[2]))
                .open()) {
            HeddleProbe probe = new HeddleProbe(heddle);
            say("{\"probe\":1}");
            BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case "wait" -> probe.hold(Integer.parseInt(words[1]), commands);
                    case "write" -> probe.write();
                    case "burn" -> probe.burn(Integer.parseInt(words[1]));
                    case "tick" -> probe.tick(Integer.parseInt(words[1]), Long.parseLong(words[2]));
                    case "move" -> probe.move();
                    default -> throw new IllegalArgumentException("unknown command " + line);
                }
            }
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /** {@return the OS task that executes the caller} */
    private static String osTask() throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/thread-self")).toString();
    }

    private void hold(int units, BufferedReader commands) throws Exception {
        Channel<String> ids = heddle.channel(units);
        Channel<Integer> never = heddle.channel(0);
        List<Task<?>> tasks = new ArrayList<>();
        for (int i = 0; i < units; i++) {
            tasks.add(heddle.start(() -> {
                ids.send("\"" + osTask() + "\"");
                return never.iterator().hasNext();
            }));
        }
        List<String> all = new ArrayList<>();
        for (int i = 0; i < units; i++) {
            all.add(ids.receive());
        }
        say("{\"ids\":" + all.stream().collect(Collectors.joining(",", "[", "]")) + "}");
        commands.readLine(); // release
        never.close();
        for (Task<?> task : tasks) {
            task.join();
        }
        say("{}");
    }

    private void write() throws InterruptedException {
        heddle.start(() -> {
                    written = 42;
                })
                .join();
        say("{\"seen\":" + written + "}");
    }

    private void burn(int units) throws InterruptedException {
        List<Task<Long>> tasks = new ArrayList<>();
        for (int i = 1; i <= units; i++) {
            long start = i;
            tasks.add(heddle.start(() -> turns(start)));
        }
        long sum = 0;
        for (Task<Long> task : tasks) {
            sum += task.join();
        }
        say("{\"checksum\":" + sum + "}");
    }

    private static long turns(long start) {
        long x = start;
        for (long i = 0; i < TURNS; i++) {
            x ^= x << 13;
            x ^= x >>> 7;
            x ^= x << 17;
        }
        return x;
    }

    private void tick(int spinning, long millis) throws InterruptedException {
        SharedLongs ended = heddle.sharedLongs(1);
        Channel<Boolean> ready = heddle.channel(1);
        Task<Long> waking = heddle.start(() -> {
            long longest = 0;
            ready.send(true);
            for (long last = System.nanoTime(); ended.getAcquire(0) < spinning; ) {
                Channel.after(MILLISECOND).receive();
                long now = System.nanoTime();
                longest = Math.max(longest, now - last);
                last = now;
            }
            return longest;
        });
        ready.receive();
        List<Task<?>> others = new ArrayList<>();
        for (int i = 0; i < spinning; i++) {
            others.add(heddle.start(() -> {
                long start = System.nanoTime();
                while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(millis)) {
                    Thread.onSpinWait();
                }
                ended.getAndAdd(0, 1);
            }));
        }
        for (Task<?> other : others) {
            other.join();
        }
        say("{\"gap\":" + waking.join() + "}");
    }

    private void move() throws InterruptedException {
        List<Task<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < MOVING; i++) {
            tasks.add(heddle.start(() -> {
                Set<String> seen = new HashSet<>();
                for (int wait = 0; wait < WAITS; wait++) {
                    seen.add(osTask());
                    Channel.after(MILLISECOND).receive();
                }
                return seen.size();
            }));
        }
        int moved = 0;
        for (Task<Integer> task : tasks) {
            moved += task.join() > 1 ? 1 : 0;
        }
        say("{\"moved\":" + moved + "}");
    }
}
