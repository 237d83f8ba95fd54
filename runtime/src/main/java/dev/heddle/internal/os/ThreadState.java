package dev.heddle.internal.os;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What the kernel says of an OS thread of this JVM, in {@code /proc/self/task}: see {@code proc_pid_stat(5)}. */
public final class ThreadState {
    /** The state comes after the thread's number and its name, which has 15 bytes at most, in parentheses. */
    private static final int ENOUGH_BYTES = 64;

    private ThreadState() {}

    /**
     * {@return whether the thread waits in the kernel, as in a read; false if it executes or could, has ended, or is not known}
     * The file access takes some 10 microseconds.
     *
     * @param threadId from {@link CpuAffinity#currentThreadId}
     */
    public static boolean isBlocked(int threadId) {
        byte[] line = new byte[ENOUGH_BYTES];
        int length;
        try (FileInputStream stat = new FileInputStream("/proc/self/task/" + threadId + "/stat")) {
            length = stat.read(line);
        } catch (IOException e) {
            return false; // it has ended, or this is not Linux
        }
        String text = new String(line, 0, Math.max(0, length), StandardCharsets.ISO_8859_1);
        int state = text.lastIndexOf(')') + 2;
        return state < text.length() && (text.charAt(state) == 'S' || text.charAt(state) == 'D');
    }
}
