package dev.heddle.internal.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the kernel says of an OS thread of this JVM, in {@code /proc/self/task}: see {@code proc(5)}. */
public final class ThreadState {
    private static final String FOLDER = "/proc/self/task";

    /** The state comes after the thread's number and its name, which has 15 bytes at most, in parentheses. */
    private static final int ENOUGH_BYTES = 64;

    private static final int O_CLOEXEC = 0x80000;

    private static final @Nullable MethodHandle OPEN = LinuxFunctions.find(
            "open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final @Nullable MethodHandle READ =
            LinuxFunctions.find("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final @Nullable MethodHandle CLOSE =
            LinuxFunctions.find("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private static final Predicate<String> IS_COMPILER =
            Pattern.compile("Name:\\s+C[12] Compiler.*").asMatchPredicate();

    private static final Predicate<String> EXECUTES =
            Pattern.compile("State:\\s+R.*").asMatchPredicate();

    private ThreadState() {}

    /**
     * {@return whether the thread waits in the kernel, as in a read; false if it executes or could, has ended, or is not known}
     *
     * <p>It takes some microseconds, and no lock. With the JDK's files it would take one, which virtual threads that open files
     * take, too; then who decides by this that they lose their processor would wait for one that has none.
     *
     * @param threadId from {@link CpuAffinity#currentThreadId}
     */
    public static boolean isBlocked(int threadId) {
        if (OPEN == null || READ == null || CLOSE == null) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            int file = (int) OPEN.invokeExact(arena.allocateFrom(FOLDER + "/" + threadId + "/stat"), O_CLOEXEC);
            if (file < 0) {
                return false; // it has ended
            }
            MemorySegment line = arena.allocate(ENOUGH_BYTES);
            long length = (long) READ.invokeExact(file, line, (long) ENOUGH_BYTES);
            int ignored = (int) CLOSE.invokeExact(file);
            for (long at = length - 3; at >= 0; at--) {
                if (line.get(JAVA_BYTE, at) == ')') { // the last one: the name may have others
                    byte state = line.get(JAVA_BYTE, at + 2);
                    return state == 'S' || state == 'D';
                }
            }
            return false;
        } catch (Throwable t) {
            throw new AssertionError("a native call threw", t); // invokeExact declares what a C function cannot throw
        }
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
}
