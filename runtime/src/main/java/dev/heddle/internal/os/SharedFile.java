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
 * Memory that processes share: any process of the same user that is told the path can map it, as long as its maker lets it.
 *
 * <p>Problem: a file that is unlinked cannot be opened any more, and one that is not may be left behind. Approach: where it can
 * be had, a {@link MemoryFile}, which never has a name. Elsewhere a {@link NamedFile}, which its maker unlinks; whoever has
 * mapped it does so, if the maker has died: {@link #unlinkAll}. So a name is left only if the maker was killed with all who had it
 * mapped, or before there was one. Rejected: to pass descriptors over a socket, which the JDK cannot.
 *
 * <p>All of it is allocated when it is made: a lack of room is an exception then, and no SIGBUS when a page is touched.
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
    private final Arena arena;
    private final MemorySegment segment;
    private final Runnable unlink;
    private boolean unlinked;

    /** @param unlink lets nobody open it any more */
    @SuppressWarnings("MustBeClosedChecker") // close() closes it
    private SharedFile(Path path, Runnable unlink) throws IOException {
        this.path = path;
        this.unlink = unlink;
        this.arena = Arena.ofShared();
        try {
            this.segment = map(path, arena);
        } catch (Throwable t) {
            arena.close();
            unlink.run();
            throw t;
        }
    }

    /**
     * {@return why there is not enough room, as a clause, or null if there is}
     *
     * @param kind how it is to be found
     * @param bytes how much is wanted
     */
    public static @Nullable String shortage(Kind kind, long bytes) {
        long available = AvailableMemory.bytes();
        if (bytes > available) {
            return "only " + available + " bytes of RAM are available";
        }
        if (kind == Kind.NAME) {
            try {
                NamedFile.folder(bytes);
            } catch (IOException e) {
                return e.getMessage();
            }
        }
        return null;
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
        String shortage = shortage(kind, bytes);
        if (shortage != null) {
            throw noRoom(bytes, shortage, null);
        }
        try {
            return switch (kind) {
                case DESCRIPTOR -> {
                    MemoryFile file = MemoryFile.create(bytes);
                    yield new SharedFile(file.path(), file::close);
                }
                case NAME -> {
                    NamedFile file = NamedFile.create(NamedFile.folder(bytes), bytes);
                    yield new SharedFile(file.path(), file::close);
                }
            };
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

    /**
     * Removes the names of all that this process has mapped so far: no other is to map it, or the maker has died and has left them.
     */
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

    /**
     * Lets nobody open it any more; whoever has it mapped keeps it. Does nothing if that has been done. For one thread at a time,
     * as {@link #close} is.
     */
    public void unlink() {
        if (!unlinked) {
            unlinked = true; // first: a descriptor must not be closed twice, since it may be another's by then
            unlink.run();
        }
    }

    /** Unlinks and unmaps it. No thread may be using the memory. */
    @Override
    public void close() {
        try {
            unlink();
        } finally {
            arena.close();
        }
    }
}
