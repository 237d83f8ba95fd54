package dev.heddle.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/** Files of which there is always a whole one: the old, or the new. */
final class WholeFile {
    private WholeFile() {}

    /**
     * @param file as the user named it
     * @return the same, absolute
     * @throws UsageException if it cannot be written; better now than after minutes
     */
    static Path require(Path file) {
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder) || Files.isDirectory(file)) {
            throw new UsageException("cannot write " + file
                    + ": name another file with -o, in a folder that is there and can be written");
        }
        return absolute;
    }

    /** Writes a new file and puts it in the place of the old. */
    static void write(Path file, String text) throws IOException {
        Path temporary = Files.createTempFile(Objects.requireNonNull(file.getParent()), ".heddle-", ".tmp");
        try {
            Files.writeString(temporary, text);
            // A temporary file is its owner's alone; a report is a file like any other.
            temporary.toFile().setReadable(true, false);
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
