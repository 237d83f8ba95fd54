package dev.heddle.lab.workload;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Makes the lines that GNU {@code sha256sum} makes, byte for byte. Not thread-safe. */
final class Sha256Sum {
    private static final HexFormat HEX = HexFormat.of();

    private final MessageDigest sha256 = newSha256();
    private final byte[] buffer = new byte[128 * 1024];
    private final byte[] prefix;
    private final int rootLength;

    /**
     * @param folder a folder as the user wrote it, which is how the lines name it
     * @param root the same folder's real path, with a slash at its end
     */
    Sha256Sum(String folder, URI root) {
        // `find` puts one slash after the folder, unless it is there already.
        prefix = (folder.endsWith("/") ? folder : folder + "/").getBytes(nameCharset());
        rootLength = nameBytes(root).length;
    }

    /**
     * @param file a file below the root
     * @return the line without its end, or nothing if the file cannot be read
     */
    byte[] line(URI file) {
        sha256.reset();
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sha256.update(buffer, 0, n);
            }
        } catch (IOException e) {
            return new byte[0]; // counted and shown by the caller
        }
        byte[] full = nameBytes(file);
        ByteArrayOutputStream name = new ByteArrayOutputStream();
        name.writeBytes(prefix);
        name.write(full, rootLength, full.length - rootLength);

        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] escaped = escape(name.toByteArray());
        if (escaped.length != name.size()) {
            line.write('\\');
        }
        line.writeBytes(HEX.formatHex(sha256.digest()).getBytes(StandardCharsets.US_ASCII));
        line.writeBytes(new byte[] {' ', ' '});
        line.writeBytes(escaped);
        return line.toByteArray();
    }

    /** {@return the SHA-256, in hexadecimal, of these lines, each with its end} */
    static String ofLines(List<byte[]> lines) {
        MessageDigest sha256 = newSha256();
        for (byte[] line : lines) {
            sha256.update(line);
            sha256.update((byte) '\n');
        }
        return HEX.formatHex(sha256.digest());
    }

    private static byte[] escape(byte[] name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(name.length);
        for (byte b : name) {
            switch (b) {
                case '\\' -> out.writeBytes(new byte[] {'\\', '\\'});
                case '\n' -> out.writeBytes(new byte[] {'\\', 'n'});
                case '\r' -> out.writeBytes(new byte[] {'\\', 'r'});
                default -> out.write(b);
            }
        }
        return out.toByteArray();
    }

    /** The bytes of a path as the file system has them: the URI holds them, escaped. */
    private static byte[] nameBytes(URI uri) {
        String raw = uri.getRawPath();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                bytes.write(HexFormat.fromHexDigits(raw, i + 1, i + 3));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toByteArray();
    }

    private static Charset nameCharset() {
        return Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"), StandardCharsets.UTF_8);
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
