package dev.heddle.internal.process;

import java.util.Arrays;

/** Bytes that decide what is done, from the first to the last; after that all are 0. */
public final class Program {
    private final byte[] bytes;
    private int next;

    /** @param bytes the program */
    public Program(byte[] bytes) {
        this.bytes = bytes;
    }

    /** {@return whether all bytes have been taken} */
    public boolean isOver() {
        return next >= bytes.length;
    }

    /** {@return the next byte, from 0 to 255} */
    public int next() {
        return isOver() ? 0 : bytes[next++] & 0xFF;
    }

    /** {@return the next byte, so that it is less than {@code n}} */
    public int next(int n) {
        return next() % n;
    }

    /** {@return the next 4 bytes as a number} */
    public int nextInt() {
        return next() | (next() << 8) | (next() << 16) | (next() << 24);
    }

    /** {@return the next 8 bytes as a number} */
    public long nextLong() {
        return (nextInt() & 0xFFFFFFFFL) | ((long) nextInt() << Integer.SIZE);
    }

    /** {@return a number that is likely to be a limit of something} */
    public long odd() {
        return switch (next(8)) {
            case 0 -> -1;
            case 1 -> Integer.MIN_VALUE;
            case 2 -> Integer.MAX_VALUE;
            case 3 -> Long.MIN_VALUE;
            case 4 -> 1L << next(64);
            case 5 -> nextLong();
            default -> next();
        };
    }

    /** {@return the next bytes, as many as there are of so many} */
    public byte[] take(int length) {
        byte[] taken = Arrays.copyOfRange(bytes, Math.min(next, bytes.length), Math.min(next + length, bytes.length));
        next += length;
        return taken;
    }
}
