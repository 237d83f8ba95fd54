package dev.heddle.internal.process;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** How much memory the parent takes for what comes: no more than {@link #ROOM} and some times what has come. */
public final class Allocated {
    /** What the parent takes before much has come: the room for a long payload is the most of it. */
    private static final long ROOM = 2 << 20;

    /** How many bytes the parent takes for each that has come, objects and exceptions included; of their stacks see pom.xml. */
    private static final long TIMES = 60;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private long bytes;

    /** Runs what the parent does, and counts what that takes. */
    public void by(Runnable code) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            code.run();
        } finally {
            bytes += THREADS.getCurrentThreadAllocatedBytes() - before;
        }
    }

    /** {@return whether it was more than for so many bytes that have come} */
    public boolean isTooMuch(long came) {
        return bytes > ROOM + TIMES * came;
    }

    @Override
    public String toString() {
        return bytes + " bytes";
    }
}
