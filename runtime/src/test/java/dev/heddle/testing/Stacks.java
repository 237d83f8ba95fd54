package dev.heddle.testing;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** The stacks of all threads, virtual ones included. */
public final class Stacks {
    private Stacks() {}

    /** {@return them as text} */
    public static String ofAllThreads() {
        try {
            Path folder = Files.createTempDirectory("heddle-stacks");
            Path dump = folder.resolve("stacks.txt"); // must not exist yet
            try {
                ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                        .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
                return Files.readString(dump);
            } finally {
                Files.deleteIfExists(dump);
                Files.delete(folder);
            }
        } catch (IOException e) {
            return "no stacks: " + e;
        }
    }
}
