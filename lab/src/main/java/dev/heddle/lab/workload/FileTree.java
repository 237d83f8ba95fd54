package dev.heddle.lab.workload;

import dev.heddle.lab.UsageException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The regular files below a folder. A file is named by its URI, which holds the bytes of its name, whatever the
 * locale's encoding makes of them, and which can be sent to another process.
 *
 * @param root the folder's real path, with a slash at its end
 * @param sized the files with their sizes, the largest first
 * @param unreadable folders that could not be read
 */
record FileTree(URI root, List<Sized> sized, int unreadable) {
    record Sized(URI file, long bytes) {}

    /**
     * @param folder as the user wrote it
     * @throws UsageException unless it is a folder
     */
    static FileTree below(String folder) throws IOException {
        if (folder.isEmpty()) { // to Path it would be the current folder
            throw new UsageException("DIR must be a folder, and is empty");
        }
        Path root;
        try {
            root = Path.of(folder);
        } catch (InvalidPathException e) {
            throw new UsageException("DIR must be a folder, and '" + folder + "' is not even a path", e);
        }
        if (!Files.isDirectory(root)) {
            throw new UsageException("DIR must be a folder, and '" + folder + "' is none");
        }
        List<Sized> files = new ArrayList<>();
        int[] unreadable = {0};
        Path real = root.toRealPath();
        Files.walkFileTree(real, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) {
                    files.add(new Sized(file.toUri(), attributes.size()));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                unreadable[0]++;
                return FileVisitResult.CONTINUE;
            }
        });
        // The largest first, or the last processor would still hash it when the others have nothing left.
        files.sort(Comparator.comparingLong(Sized::bytes).reversed());
        return new FileTree(real.toUri(), List.copyOf(files), unreadable[0]);
    }

    List<URI> files() {
        return sized.stream().map(Sized::file).toList();
    }

    long bytes() {
        return sized.stream().mapToLong(Sized::bytes).sum();
    }

    /**
     * @param bytes how much a batch holds at least, but for the last
     * @return the files, in order
     */
    List<List<URI>> batches(long bytes) {
        List<List<URI>> batches = new ArrayList<>();
        List<URI> batch = new ArrayList<>();
        long size = 0;
        for (Sized file : sized) {
            batch.add(file.file());
            size += file.bytes();
            if (size >= bytes) {
                batches.add(batch);
                batch = new ArrayList<>();
                size = 0;
            }
        }
        if (!batch.isEmpty()) {
            batches.add(batch);
        }
        return batches;
    }
}
