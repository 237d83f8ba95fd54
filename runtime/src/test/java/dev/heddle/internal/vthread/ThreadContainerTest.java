package dev.heddle.internal.vthread;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import dev.heddle.testing.HeddleTest;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JVM's own thread dumps show the tasks of a heddle, although the JDK keeps no set of them. */
class ThreadContainerTest extends HeddleTest {
    @TempDir
    Path directory;

    @Test
    void aThreadDumpOfTheJvmShowsTheTasksUnderTheNameOfTheirHeddle() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (Heddle heddle = Heddle.builder(Model.GREEN).name("looms").open()) {
            Task<?> task = heddle.start(() -> waitUntilToldTo(begun, end));
            begun.await();
            String during = dump("while.json");
            end.countDown();
            task.join();
            assertThat(during).contains("\"container\": \"looms\\/").contains("waitUntilToldTo");
            assertThat(dump("after.json")).contains("\"container\": \"looms\\/").doesNotContain("waitUntilToldTo");
        }
    }

    private static void waitUntilToldTo(CountDownLatch begun, CountDownLatch end) throws InterruptedException {
        begun.countDown();
        end.await();
    }

    private String dump(String name) throws Exception {
        Path file = directory.resolve(name).toAbsolutePath();
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(file.toString(), ThreadDumpFormat.JSON);
        return Files.readString(file);
    }
}
