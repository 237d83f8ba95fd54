package dev.heddle.internal.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Memory that any process which is told the path can map, also one that starts later, for as long as its maker has it open.
 *
 * <p>Problem: a file that is unlinked cannot be opened any more, and one that is not may be left behind. Approach: where it can
 * be had, a {@link MemoryFile}, which never has a name. Elsewhere a named file, which its maker unlinks at the end; whoever has
 * mapped it does so, if the maker has died: {@link #unlinkAll}. Rejected: to pass descriptors over a socket, which the JDK cannot.
 */
public final class SharedFile implements AutoCloseable {
    /** How the file is found. */
    public enum Kind {
        /** By the descriptor of the process that made it. */
        DESCRIPTOR,
        /** By a name. */
        NAME;

        /** {@return the one to be used here} */
        public static Kind best() {
            return MemoryFile.isSupported() ? DESCRIPTOR : NAME;
        }
    }

    /** The names that this process has mapped. */
    private static final Set<Path> MAPPED = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final MemorySegment segment;
    private final Runnable end;

    private SharedFile(Path path, MemorySegment segment, Runnable end) {
        this.path = path;
        this.segment = segment;
        this.end = end;
    }

    /**
     * Makes and maps zeroed memory.
     *
     * @param kind how it is to be found
     * @param bytes how much
     * @return the memory
     * @throws IllegalStateException if there is no room; the message says how much there is
     */
    public static SharedFile create(Kind kind, long bytes) {
        long available = AvailableMemory.bytes();
        if (bytes > available) {
            throw noRoom(bytes, available + " bytes of RAM are available", null);
        }
        return switch (kind) {
            case DESCRIPTOR -> withoutName(bytes);
            case NAME -> named(bytes);
        };
    }

    @SuppressWarnings("MustBeClosedChecker") // close() closes it
    private static SharedFile withoutName(long bytes) {
        Arena arena = Arena.ofShared();
        try {
            MemoryFile file = MemoryFile.create(bytes);
            try {
                return new SharedFile(file.path(), map(file.path(), arena), () -> {
                    arena.close();
                    file.close();
                });
            } catch (IOException e) {
                file.close();
                throw e;
            }
        } catch (IOException e) {
            arena.close();
            throw noRoom(bytes, e.getMessage(), e);
        }
    }

    private static SharedFile named(long bytes) {
        try {
            SharedMemory memory = SharedMemory.create(SharedMemory.folderWithRoom(bytes), bytes);
            return new SharedFile(memory.file(), memory.segment(), memory::close);
        } catch (IOException e) {
            throw noRoom(bytes, e.getMessage(), e);
        }
    }

    private static IllegalStateException noRoom(long bytes, @Nullable String why, @Nullable Exception cause) {
        return new IllegalStateException(
                "cannot make " + bytes + " bytes of shared memory: " + why + "; make it smaller, or end what takes the"
                        + " memory",
                cause);
    }

    /**
     * Maps memory that another process has made.
     *
     * @param path from {@link #path} there
     * @return the memory, which is unmapped when nobody uses the segment any more
     * @throws IOException if it cannot be opened
     */
    public static MemorySegment open(Path path) throws IOException {
        if (!path.startsWith("/proc")) {
            MAPPED.add(path);
        }
        return map(path, Arena.ofAuto());
    }

    private static MemorySegment map(Path path, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), arena);
        }
    }

    /** The maker of all that this process has mapped has died: removes the names that it has left. */
    public static void unlinkAll() {
        for (Path path : MAPPED) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                System.err.println("heddle: cannot delete the shared memory file " + path + ": " + e);
            }
        }
    }

    /** {@return what other processes of the same user open} */
    public Path path() {
        return path;
    }

    /** {@return the memory; using it after {@link #close} throws an IllegalStateException} */
    public MemorySegment segment() {
        return segment;
    }

    /** Unmaps it, and lets nobody open it any more. */
    @Override
    public void close() {
        end.run();
    }
}
