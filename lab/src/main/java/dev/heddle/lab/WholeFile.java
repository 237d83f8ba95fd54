package dev.heddle.lab;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/** Files that the user has named: read as a whole, and written so that there is always a whole one, the old or the new. */
final class WholeFile {
    private WholeFile() {}

    /** Writes what a file is to hold. */
    @FunctionalInterface
    interface Content {
        void writeTo(Path file) throws IOException;
    }

    /**
     * @param file as the user named it
     * @return the same, absolute
     * @throws UsageException if it cannot be written; better now than after minutes
     */
    static Path require(Path file) {
        return require(file, "-o");
    }

    /**
     * @param file as the user named it
     * @param option by what
     * @return the same, absolute
     * @throws UsageException if it cannot be written
     */
    static Path require(Path file, String option) {
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder) || Files.isDirectory(file)) {
            throw new UsageException("cannot write " + file + ": name another file with " + option
                    + ", in a folder that is there and can be written");
        }
        return absolute;
    }

    /** Writes a new file and puts it in the place of the old. */
    static void write(Path file, String text) throws IOException {
        write(file, temporary -> Files.writeString(temporary, text));
    }

    /** Has a new file written and puts it in the place of the old. */
    static void write(Path file, Content content) throws IOException {
        Path temporary = Files.createTempFile(Objects.requireNonNull(file.getParent()), ".heddle-", ".tmp");
        try {
            content.writeTo(temporary);
            // A temporary file is its owner's alone; a report is a file like any other.
            temporary.toFile().setReadable(true, false);
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * @param file as the user named it
     * @param origin how to get such a file, as the end of a sentence
     * @return its text
     * @throws UsageException if there is none
     */
    static String read(Path file, String origin) {
        String why;
        IOException cause;
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            why = "there is no " + file;
            cause = e;
        } catch (CharacterCodingException e) {
            why = file + " is no text";
            cause = e;
        } catch (AccessDeniedException e) {
            why = "you may not read " + file;
            cause = e;
        } catch (IOException e) {
            why = Files.isDirectory(file) ? file + " is a folder" : "cannot read " + file + ": " + e.getMessage();
            cause = e;
        }
        throw new UsageException(why + ": " + origin, cause);
    }
}
