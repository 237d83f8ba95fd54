package dev.heddle.internal.os;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Confines OS threads to CPUs, by {@code sched_setaffinity(2)}. This is what makes a number of processors below the
 * number of CPUs a true bound, also on code that never yields: the kernel then shares those CPUs among the threads.
 *
 * <p>A new thread inherits the mask of the thread that starts it, so whoever makes threads must call {@link #set} in
 * each of them, once any mask has been set in this JVM. Elsewhere than on Linux nothing is set.
 */
public final class CpuAffinity {
    /** Bytes of a mask: 1,024 CPUs, as glibc's {@code cpu_set_t}. */
    private static final int MASK_BYTES = 128;

    private static final @Nullable MethodHandle GET_THREAD_ID =
            LinuxFunctions.find("gettid", FunctionDescriptor.of(ValueLayout.JAVA_INT));
    private static final @Nullable MethodHandle GET = LinuxFunctions.find("sched_getaffinity", maskCall());
    private static final @Nullable MethodHandle SET = LinuxFunctions.find("sched_setaffinity", maskCall());

    /** The CPUs that this JVM may use, or empty if that cannot be found out. */
    private static final BitSet ALLOWED = readAllowed();

    private static final AtomicInteger NEXT = new AtomicInteger();

    private static volatile boolean used;

    private CpuAffinity() {}

    private static FunctionDescriptor maskCall() {
        return FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);
    }

    private static BitSet readAllowed() {
        if (GET == null || SET == null || GET_THREAD_ID == null) {
            return new BitSet();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, Long.BYTES);
            // The main thread has the mask that the JVM was started with; its thread id is the process id.
            int pid = (int) ProcessHandle.current().pid();
            int result = (int) GET.invokeExact(pid, (long) MASK_BYTES, mask);
            return result < 0 ? new BitSet() : BitSet.valueOf(mask.toArray(ValueLayout.JAVA_BYTE));
        } catch (Throwable t) {
            throw new AssertionError("a native call threw", t); // invokeExact declares what a C function cannot throw
        }
    }

    /** {@return whether threads can be confined here} */
    public static boolean isSupported() {
        return !ALLOWED.isEmpty();
    }

    /** {@return whether any thread of this JVM has been confined} */
    public static boolean isUsed() {
        return used;
    }

    /** {@return the CPUs that this JVM may use; empty where confining is not supported} */
    public static BitSet allowed() {
        return (BitSet) ALLOWED.clone();
    }

    /**
     * Chooses CPUs for someone new; successive calls choose different ones as far as there are enough.
     *
     * @param n how many, at least 1
     * @return min(n, allowed) of the allowed CPUs
     */
    public static BitSet choose(int n) {
        int[] cpus = ALLOWED.stream().toArray();
        if (n >= cpus.length) {
            return allowed();
        }
        int start = Math.floorMod(NEXT.getAndAdd(n), cpus.length);
        BitSet chosen = new BitSet();
        for (int i = 0; i < n; i++) {
            chosen.set(cpus[(start + i) % cpus.length]);
        }
        return chosen;
    }

    /** {@return the operating system's id of the calling platform thread; 0 where confining is not supported} */
    public static int currentThreadId() {
        if (GET_THREAD_ID == null) {
            return 0;
        }
        try {
            return (int) GET_THREAD_ID.invokeExact();
        } catch (Throwable t) {
            throw new AssertionError("a native call threw", t);
        }
    }

    /**
     * Confines a thread of this JVM.
     *
     * @param threadId from {@link #currentThreadId}
     * @param cpus some of the allowed CPUs
     * @return whether that worked; false if the thread has ended or confining is not supported
     */
    public static boolean set(int threadId, BitSet cpus) {
        if (!isSupported()) {
            return false;
        }
        used = true;
        return setMask(threadId, cpus);
    }

    /**
     * Confines a process of the same user: all its threads, and what these start from now on.
     *
     * <p>There is no such call for a process. A thread that it starts meanwhile has the mask of its starter, so it looks again
     * until it has seen no thread that it has not confined: then each that exists was started by a confined one.
     *
     * @param pid its process id
     * @param cpus some of the allowed CPUs
     */
    public static void confineProcess(long pid, BitSet cpus) {
        if (!isSupported()) {
            return;
        }
        File threads = new File("/proc/" + pid + "/task");
        Set<String> confined = new HashSet<>();
        boolean found = true;
        while (found) {
            found = false;
            String[] now = threads.list(); // null if it has ended
            for (String thread : now == null ? new String[0] : now) {
                if (confined.add(thread)) {
                    found = true;
                    setMask(Integer.parseInt(thread), cpus); // false means that the thread has ended meanwhile
                }
            }
        }
    }

    private static boolean setMask(int threadId, BitSet cpus) {
        MethodHandle set = SET;
        if (set == null) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, Long.BYTES);
            byte[] bits = cpus.toByteArray();
            MemorySegment.copy(bits, 0, mask, ValueLayout.JAVA_BYTE, 0, bits.length);
            return (int) set.invokeExact(threadId, (long) MASK_BYTES, mask) == 0;
        } catch (Throwable t) {
            throw new AssertionError("a native call threw", t);
        }
    }

    /** Lets the calling platform thread run on all CPUs again, which it may not if a confined thread has started it. */
    public static void unconfineCurrentThread() {
        if (used) {
            set(currentThreadId(), ALLOWED);
        }
    }
}
