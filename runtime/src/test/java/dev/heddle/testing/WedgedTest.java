package dev.heddle.testing;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.PreInterruptCallback;
import org.junit.jupiter.api.extension.PreInterruptContext;

/**
 * Prints the stacks of all threads before JUnit interrupts a test that has run out of time. JUnit's own dump leaves out
 * virtual threads, and those are the ones to look at here.
 */
final class WedgedTest implements PreInterruptCallback {
    @Override
    public void beforeThreadInterrupt(PreInterruptContext thread, ExtensionContext test) throws IOException {
        Path folder = Files.createTempDirectory("heddle-wedged");
        Path dump = folder.resolve("stacks.txt"); // must not exist yet
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
            System.err.println("Wedged: " + test.getUniqueId() + System.lineSeparator() + Files.readString(dump));
        } finally {
            Files.deleteIfExists(dump);
            Files.delete(folder);
        }
    }
}
