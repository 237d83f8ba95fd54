package dev.heddle.internal.os;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What the kernel says of an OS thread of this JVM, in {@code /proc/self/task}: see {@code proc(5)}. */
public final class ThreadState {
    /** The state comes after the thread's number and its name, which has 15 bytes at most, in parentheses. */
    private static final int ENOUGH_BYTES = 64;

    private static final String FOLDER = "/proc/self/task";

    private static final Predicate<String> IS_COMPILER =
            Pattern.compile("Name:\\s+C[12] Compiler.*").asMatchPredicate();

    private static final Predicate<String> EXECUTES =
            Pattern.compile("State:\\s+R.*").asMatchPredicate();

    private ThreadState() {}

    /**
     * {@return whether the thread waits in the kernel, as in a read; false if it executes or could, has ended, or is not known}
     * The file access takes some 10 microseconds.
     *
     * @param threadId from {@link CpuAffinity#currentThreadId}
     */
    public static boolean isBlocked(int threadId) {
        char state = of(String.valueOf(threadId));
        return state == 'S' || state == 'D';
    }

    /**
     * {@return how often each OS thread of this process but the caller's has stopped executing, by its id; empty if one
     * executes now, or it is not known} The JVM's compilers are left out: they have to do whenever anything is executed, and
     * wake nobody. Of two equal answers that are not empty, the second says that none of these threads
     * executed between the calls, but for one that was just about to stop at the second.
     */
    public static Map<String, Long> stopsIfAllSleep() {
        String[] threads = new File(FOLDER).list();
        String me = String.valueOf(CpuAffinity.currentThreadId());
        Map<String, Long> stops = new HashMap<>();
        for (String thread : threads == null ? new String[0] : threads) {
            if (!thread.equals(me)) {
                List<String> status = status(thread);
                if (status.stream().anyMatch(IS_COMPILER)) {
                    continue;
                }
                if (status.isEmpty() || status.stream().anyMatch(EXECUTES)) {
                    return Map.of();
                }
                stops.put(thread, status.stream().mapToLong(ThreadState::stops).sum());
            }
        }
        return stops;
    }

    /** {@return lines of a name, a colon and a value; none if the thread has ended just now} */
    private static List<String> status(String thread) {
        try {
            return Files.readAllLines(Path.of(FOLDER, thread, "status"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }

    /** {@return how often the thread has stopped, by itself or not, if the line says one of these} */
    private static long stops(String line) {
        return line.contains("ctxt_switches:")
                ? Long.parseLong(line.substring(line.indexOf(':') + 1).strip())
                : 0;
    }

    /** {@return the state's letter; '?' if it is not known} */
    private static char of(String thread) {
        byte[] line = new byte[ENOUGH_BYTES];
        int length;
        try (FileInputStream stat = new FileInputStream(FOLDER + "/" + thread + "/stat")) {
            length = stat.read(line);
        } catch (IOException e) {
            return '?'; // it has ended, or this is not Linux
        }
        String text = new String(line, 0, Math.max(0, length), StandardCharsets.ISO_8859_1);
        int state = text.lastIndexOf(')') + 2;
        return state < text.length() ? text.charAt(state) : '?';
    }
}
