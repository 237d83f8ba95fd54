package dev.heddle.internal.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A file in RAM that has no name, of Linux's {@code memfd_create(2)}. Other processes of the same user open it as
 * {@code /proc/PID/fd/N} as long as this process has it open, and when the last has unmapped it, it is gone: nothing can be left
 * behind, whoever dies when. It does not count against the size of {@code /dev/shm}, which containers keep small.
 *
 * <p>All its pages are allocated at once, by {@code fallocate(2)}, as long as there is RAM: so a lack of it is an error
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

    /** How much is allocated by one call: a signal that comes meanwhile undoes that much. */
    private static final long CHUNK = 64 << 20;

    private static final int ATTEMPTS = 4;

    private static final boolean SUPPORTED = probe();

    private final long descriptor;

    private MemoryFile(long descriptor) {
        this.descriptor = descriptor;
    }

    /** {@return whether such files can be made here, and be opened by other processes} */
    static boolean isSupported() {
        return SUPPORTED;
    }

    private static boolean probe() {
        if (!SystemCall.MEMFD_CREATE.isKnown()) {
            return false;
        }
        try (MemoryFile file = create(1)) {
            Path descriptors = Objects.requireNonNull(file.path().getParent());
            // Not where /proc is missing or shut. The folder is root's where no other process may look into this one,
            // as when the java command has been given capabilities.
            return Files.isReadable(file.path()) && Files.getOwner(descriptors).equals(Files.getOwner(file.path()));
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
        long descriptor = createDescriptor();
        MemoryFile file = new MemoryFile(descriptor);
        try {
            // First, since other processes can open it from now on.
            check(SystemCall.FCHMOD, SystemCall.FCHMOD.call(descriptor, OWNER_ONLY, 0, 0));
            for (long done = 0; done < bytes; done += CHUNK) {
                allocate(descriptor, done, Math.min(CHUNK, bytes - done));
            }
            int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
            check(SystemCall.FCNTL, SystemCall.FCNTL.call(descriptor, F_ADD_SEALS, seals, 0));
            return file;
        } catch (Throwable t) {
            file.close();
            throw t;
        }
    }

    private static long createDescriptor() throws IOException {
        int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom("heddle").address();
            long descriptor = SystemCall.MEMFD_CREATE.call(name, flags | MFD_NOEXEC_SEAL, 0, 0);
            return check(
                    SystemCall.MEMFD_CREATE,
                    descriptor < 0 ? SystemCall.MEMFD_CREATE.call(name, flags, 0, 0) : descriptor);
        }
    }

    private static void allocate(long descriptor, long from, long bytes) throws IOException {
        // Again for each chunk, since others allocate, too: the kernel gives whatever is asked for, and then kills
        // somebody.
        long available = AvailableMemory.bytes();
        if (bytes > available) {
            throw new IOException("only " + available + " bytes of RAM are left after the first " + from);
        }
        for (int attempt = 1; SystemCall.FALLOCATE.call(descriptor, 0, from, bytes) < 0; attempt++) {
            if (attempt == ATTEMPTS) {
                throw new IOException("no room is left after the first " + from + " bytes");
            }
        }
    }

    private static long check(SystemCall call, long result) throws IOException {
        if (result < 0) {
            throw new IOException(call + " failed"); // why is in errno, which nobody needs so far
        }
        return result;
    }

    /** {@return where this process and others of its user can open it, as long as it is not closed} */
    Path path() {
        return Path.of("/proc", Long.toString(ProcessHandle.current().pid()), "fd", Long.toString(descriptor));
    }

    /** Closes it here; who has it mapped keeps it. */
    @Override
    public void close() {
        // Nothing was written through it that could have failed.
        long ignored = SystemCall.CLOSE.call(descriptor, 0, 0, 0);
    }
}
