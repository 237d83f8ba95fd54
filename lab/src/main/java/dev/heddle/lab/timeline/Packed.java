package dev.heddle.lab.timeline;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.Deflater;

/** Bytes that grow: small numbers take few of them, as in protobuf. */
final class Packed {
    private byte[] bytes = new byte[1 << 12];
    private int size;

    void put(int value) {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, size * 2);
        }
        bytes[size++] = (byte) value;
    }

    /** Seven bits a byte, the lowest first; the highest bit says that another follows. */
    void number(long value) {
        if (value < 0) {
            throw new IllegalArgumentException(value + " is negative");
        }
        while (value > 0x7f) {
            put((int) ((value & 0x7f) | 0x80));
            value >>>= 7;
        }
        put((int) value);
    }

    /** A number that may be negative: its sign is the lowest bit. */
    void signed(long value) {
        number((value << 1) ^ (value >> 63));
    }

    void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        for (byte b : utf8) {
            put(b);
        }
    }

    int size() {
        return size;
    }

    /** {@return the bytes, deflated as zlib does it, in base64} */
    String deflated() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(size / 3 + 64);
        try (Deflater deflater = new Deflater()) {
            deflater.setInput(bytes, 0, size);
            deflater.finish();
            byte[] buffer = new byte[1 << 16];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
        }
        return Base64.getEncoder().encodeToString(out.toByteArray());
    }
}
