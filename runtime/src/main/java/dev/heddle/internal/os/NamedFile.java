package dev.heddle.internal.os;

import java.io.IOException;
import java.io.UncheckedIOException;
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
 * A file with a random name that only its owner may open, in RAM where the system has a folder for that. What a {@link MemoryFile}
 * is for, where there is none of these.
 *
 * <p>Every byte is written when it is made: a page that is first touched through a mapping when the file system is full kills the
 * process with SIGBUS, while a write fails with an error that can be told.
 */
final class NamedFile implements AutoCloseable {
    private static final Path SHM = Path.of("/dev/shm");
    private static final SecureRandom NAMES = new SecureRandom();
    private static final int BLOCK = 1 << 16;

    private final Path path;

    private NamedFile(Path path) {
        this.path = path;
    }

    /**
     * {@return where there is room for files: {@code /dev/shm} if that is in RAM, else the folder for temporary files}
     *
     * @param bytes how much is needed
     * @throws IOException if neither has so much; the message says how much is there
     */
    static Path folder(long bytes) throws IOException {
        return folder(bytes, SHM, Path.of(System.getProperty("java.io.tmpdir")));
    }

    static Path folder(long bytes, Path shm, Path temporary) throws IOException {
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
     * {@return a new file, zeroed}
     *
     * @param folder where
     * @param bytes its size
     * @throws IOException if there is no room or no permission; no file is left then
     */
    static NamedFile create(Path folder, long bytes) throws IOException {
        byte[] random = new byte[12];
        NAMES.nextBytes(random);
        // The pid tells whoever finds a file whether it is in use.
        long pid = ProcessHandle.current().pid();
        Path path = folder.resolve("heddle-" + pid + "-" + HexFormat.of().formatHex(random));
        FileAttribute<?>[] ownerOnly =
                folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0];
        try (FileChannel channel =
                FileChannel.open(path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
            for (long written = 0; written < bytes; ) {
                written += channel.write(ByteBuffer.allocate((int) Math.min(BLOCK, bytes - written)));
            }
            return new NamedFile(path);
        } catch (IOException e) {
            Files.deleteIfExists(path);
            throw new IOException("in " + folder + ": " + e, e);
        }
    }

    /** {@return where this process and others of its user can open it, as long as it is not closed} */
    Path path() {
        return path;
    }

    /** Removes the name; who has it mapped keeps the file. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the shared memory file " + path, e);
        }
    }
}
