package dev.heddle.internal.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Memory that two processes share: a mapped file, in RAM where the system has a folder for that.
 *
 * <p>The creator writes every byte before it maps the file: a page that is first touched through the mapping when the
 * file system is full kills the process with SIGBUS, while a write fails with an error that can be told. The file has a
 * random name, only its owner may open it, and it is to be {@link #unlink}ed as soon as both processes have it mapped,
 * so that it cannot outlive them.
 */
public final class SharedMemory implements AutoCloseable {
    private static final Path SHM = Path.of("/dev/shm");
    private static final SecureRandom NAMES = new SecureRandom();
    private static final int BLOCK = 1 << 16;

    private final Path file;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;

    private SharedMemory(Path file, FileChannel channel) throws IOException {
        this.file = file;
        try {
            this.segment = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), arena);
        } catch (Throwable t) {
            arena.close();
            throw t;
        }
    }

    /**
     * Chooses where shared memory of a given size can be.
     *
     * @param bytes how much will be needed
     * @return {@code /dev/shm} if that is RAM and has room, else the folder for temporary files
     * @throws IllegalStateException if neither has room; the message says how much is there and how much is needed
     */
    public static Path folderFor(long bytes) {
        return folderFor(bytes, SHM, Path.of(System.getProperty("java.io.tmpdir")));
    }

    static Path folderFor(long bytes, Path shm, Path temporary) {
        try {
            return folderWithRoom(bytes, shm, temporary);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the workers need " + bytes + " bytes of shared memory, and " + e.getMessage()
                            + ": make room, ask for fewer processors, or point -Djava.io.tmpdir to another folder",
                    e);
        }
    }

    /**
     * {@return as {@link #folderFor}}
     *
     * @param bytes how much will be needed
     * @throws IOException if neither has room; the message says only how much is there
     */
    static Path folderWithRoom(long bytes) throws IOException {
        return folderWithRoom(bytes, SHM, Path.of(System.getProperty("java.io.tmpdir")));
    }

    private static Path folderWithRoom(long bytes, Path shm, Path temporary) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path folder : List.of(shm, temporary)) {
            if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
                found.add(folder + " is no folder that can be written to");
                continue;
            }
            try {
                FileStore store = Files.getFileStore(folder);
                if (folder.equals(shm) && !store.type().equals("tmpfs")) {
                    found.add(folder + " is not in RAM");
                } else if (store.getUsableSpace() < bytes) {
                    found.add(folder + " has " + store.getUsableSpace() + " bytes left");
                } else {
                    return folder;
                }
            } catch (IOException e) {
                found.add(folder + " cannot be examined: " + e);
            }
        }
        throw new IOException(String.join(", and ", found));
    }

    /**
     * Creates and maps zeroed memory.
     *
     * @param folder where
     * @param bytes how much
     * @return the memory
     * @throws IOException if there is no room or no permission; no file is left then
     */
    public static SharedMemory create(Path folder, long bytes) throws IOException {
        byte[] name = new byte[12];
        NAMES.nextBytes(name);
        // The pid tells whoever finds a file whether it is in use.
        long pid = ProcessHandle.current().pid();
        Path file = folder.resolve("heddle-" + pid + "-" + HexFormat.of().formatHex(name));
        FileAttribute<?>[] ownerOnly =
                folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0];
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                ownerOnly)) {
            for (long written = 0; written < bytes; ) {
                written += channel.write(ByteBuffer.allocate((int) Math.min(BLOCK, bytes - written)));
            }
            return new SharedMemory(file, channel);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw new IOException(
                    "cannot make " + bytes + " bytes of shared memory in " + folder + ", which has "
                            + Files.getFileStore(folder).getUsableSpace() + " bytes left: " + e.getMessage(),
                    e);
        }
    }

    /**
     * Maps memory that another process has created.
     *
     * @param file from {@link #file} there
     * @return the memory
     * @throws IOException if it cannot be opened
     */
    public static SharedMemory open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new SharedMemory(file, channel);
        }
    }

    /** {@return the file} */
    public Path file() {
        return file;
    }

    /** {@return the memory; using it after {@link #close} throws an IllegalStateException} */
    public MemorySegment segment() {
        return segment;
    }

    /** Removes the file's name; whoever has it mapped keeps the memory. Does nothing if that has been done. */
    public void unlink() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the shared memory file " + file, e);
        }
    }

    /** Unlinks and unmaps. No thread may be using the memory. */
    @Override
    public void close() {
        try {
            unlink();
        } finally {
            arena.close();
        }
    }
}
