package dev.heddle.internal.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file in RAM that has no name, of Linux's {@code memfd_create(2)}. Other processes of the same user open it as
 * {@code /proc/PID/fd/N} as long as this process has it open, and when the last has unmapped it, it is gone: nothing can be left
 * behind, whoever dies when. It does not count against the size of {@code /dev/shm}, which containers keep small.
 *
 * <p>All its pages are allocated at once, by {@code posix_fallocate(3)}, as long as there is RAM: so a lack of it is an error
 * now, and not a SIGBUS when a page is touched. It is sealed, so that no process can shrink it under the others, which would be the same.
 */
final class MemoryFile implements AutoCloseable {
    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;

    /** Since Linux 6.3, which else warns; older ones refuse it. */
    private static final int MFD_NOEXEC_SEAL = 8;

    private static final int F_ADD_SEALS = 1033;
    private static final int F_SEAL_SEAL = 1;
    private static final int F_SEAL_SHRINK = 2;
    private static final int F_SEAL_GROW = 4;

    private static final int OWNER_ONLY = 0600;

    private static final int EINTR = 4;
    private static final int ENOSPC = 28;

    /** How much is allocated by one call: a signal that comes meanwhile undoes that much. */
    private static final long CHUNK = 64 << 20;

    private static final @Nullable MethodHandle CREATE = LinuxFunctions.find(
            "memfd_create", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final @Nullable MethodHandle ALLOCATE = LinuxFunctions.find(
            "posix_fallocate",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final @Nullable MethodHandle CHANGE_MODE = LinuxFunctions.find(
            "fchmod", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final @Nullable MethodHandle CONTROL = LinuxFunctions.find(
            "fcntl",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final @Nullable MethodHandle CLOSE =
            LinuxFunctions.find("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private static final boolean SUPPORTED = probe();

    private final int descriptor;

    private MemoryFile(int descriptor) {
        this.descriptor = descriptor;
    }

    /** {@return whether such files can be made here, and be opened by other processes} */
    static boolean isSupported() {
        return SUPPORTED;
    }

    private static boolean probe() {
        if (CREATE == null || ALLOCATE == null || CHANGE_MODE == null || CONTROL == null || CLOSE == null) {
            return false;
        }
        try (MemoryFile file = create(1)) {
            return Files.isReadable(file.path()); // not where /proc is missing or shut
        } catch (IOException e) {
            return false; // a sandbox may refuse it
        }
    }

    /**
     * {@return a new file, zeroed}
     *
     * @param bytes its size
     * @throws IOException if there is no room, or the system refuses
     */
    static MemoryFile create(long bytes) throws IOException {
        int descriptor = createDescriptor();
        MemoryFile file = new MemoryFile(descriptor);
        try {
            // First, since other processes can open it from now on.
            check("fchmod", call(CHANGE_MODE, descriptor, OWNER_ONLY));
            for (long done = 0; done < bytes; done += CHUNK) {
                allocate(descriptor, done, Math.min(CHUNK, bytes - done));
            }
            check("fcntl", call(CONTROL, descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL));
            return file;
        } catch (Throwable t) {
            file.close();
            throw t;
        }
    }

    private static int createDescriptor() throws IOException {
        int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom("heddle");
            int descriptor = call(CREATE, name, flags | MFD_NOEXEC_SEAL);
            return check("memfd_create", descriptor < 0 ? call(CREATE, name, flags) : descriptor);
        }
    }

    private static void allocate(int descriptor, long from, long bytes) throws IOException {
        // Again for each chunk, since others allocate, too: the kernel gives whatever is asked for, and then kills
        // somebody.
        long available = AvailableMemory.bytes();
        if (bytes > available) {
            throw new IOException("only " + available + " bytes of RAM are left after the first " + from);
        }
        int error;
        do {
            error = call(ALLOCATE, descriptor, from, bytes);
        } while (error == EINTR);
        if (error != 0) {
            throw new IOException(
                    error == ENOSPC
                            ? "no room is left after " + from + " bytes"
                            : "posix_fallocate returned error " + error + " after " + from + " bytes");
        }
    }

    private static int check(String function, int result) throws IOException {
        if (result < 0) {
            throw new IOException(function + " failed"); // why is in errno, which nobody needs so far
        }
        return result;
    }

    private static int call(@Nullable MethodHandle function, Object... arguments) {
        if (function == null) {
            throw new UnsupportedOperationException("there are no files without a name here: ask isSupported() first");
        }
        try {
            return (int) function.invokeWithArguments(arguments);
        } catch (Throwable t) {
            throw new AssertionError("a native call threw", t); // declared by invoke, and a C function cannot
        }
    }

    /** {@return where this process and others of its user can open it, as long as it is not closed} */
    Path path() {
        return Path.of("/proc", Long.toString(ProcessHandle.current().pid()), "fd", Integer.toString(descriptor));
    }

    /** Closes it here; who has it mapped keeps it. */
    @Override
    public void close() {
        int ignored = call(CLOSE, descriptor); // nothing was written through it that could have failed
    }
}
