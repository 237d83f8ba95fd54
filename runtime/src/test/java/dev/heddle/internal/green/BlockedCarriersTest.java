package dev.heddle.internal.green;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Task;
import dev.heddle.internal.trace.Trace;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that block their carriers in the operating system, in a read of a FIFO that nobody writes to. */
@SuppressWarnings("serial") // these jobs stay in this JVM
class BlockedCarriersTest extends GreenTest {
    @TempDir
    Path folder;

    private Path fifo;

    @BeforeEach
    void makeFifo() throws Exception {
        fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
    }

    /** Opened for both directions, so that neither this nor a reader's opening waits for the other side. */
    private RandomAccessFile openForWriting() throws IOException {
        return new RandomAccessFile(fifo.toFile(), "rw");
    }

    private int readOne() throws IOException {
        try (InputStream in = new FileInputStream(fifo.toFile())) {
            return in.read();
        }
    }

    @Test
    void sixtyFourBlockedReadersOfFourProcessorsKeepNobodyFromRunning() throws Exception {
        int readers = 64;
        try (RandomAccessFile writer = openForWriting();
                GreenHeddle heddle = open(4)) {
            CountDownLatch reading = new CountDownLatch(readers);
            List<Task<Integer>> blocked = new ArrayList<>();
            for (int i = 0; i < readers; i++) {
                blocked.add(heddle.start(() -> {
                    reading.countDown();
                    return readOne();
                }));
            }
            assertThat(reading.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 100; i++) {
                int me = i;
                assertThat(heddle.start(() -> heddle.start(() -> me).join()).join())
                        .isEqualTo(me);
            }
            assertThat(blocked).noneMatch(Task::isDone);
            assertThat(heddle.stats().osThreads()).isGreaterThan(readers);
            writer.write(new byte[readers]);
            for (Task<Integer> task : blocked) {
                assertThat(task.join()).isZero();
            }
            eventually("nothing is left", () -> heddle.stats().running() == 0);
            assertDrained(heddle);
        }
    }

    @Test
    void reachingTheBoundOfSpareCarriersIsLoggedOnceAndTheRestRunsAfterwards() throws Exception {
        int spare = 3;
        int readers = 10;
        Queue<String> logged = new ConcurrentLinkedQueue<>();
        Handler handler = handler(record -> logged.add(new SimpleFormatter().formatMessage(record)));
        Logger logger = Logger.getLogger("dev.heddle");
        logger.addHandler(handler);
        try (RandomAccessFile writer = openForWriting();
                GreenHeddle heddle = open(2, tiny(spare), Trace.OFF)) {
            AtomicInteger reading = new AtomicInteger();
            List<Task<Integer>> blocked = new ArrayList<>();
            for (int i = 0; i < readers; i++) {
                blocked.add(heddle.start(() -> {
                    reading.incrementAndGet();
                    return readOne();
                }));
            }
            eventually("it is logged", () -> !logged.isEmpty());
            assertThat(logged.peek()).contains("all 3 spare carriers", heddle.name(), "Model.THREAD");
            eventually("every carrier reads", () -> reading.get() == 2 + spare);
            assertThat(heddle.stats().osThreads()).isEqualTo(2 + spare);
            Task<Integer> waiting = heddle.start(() -> 1);
            assertThat(waiting.isDone()).isFalse();
            writer.write(new byte[readers]);
            for (Task<Integer> task : blocked) {
                assertThat(task.join()).isZero();
            }
            assertThat(waiting.join()).isEqualTo(1);
            assertThat(logged).as("%s", logged).hasSize(1);
        } finally {
            logger.removeHandler(handler);
        }
    }

    @Test
    void aLogHandlerThatWaitsForAGreenThreadKeepsNobodyFromRunning() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        CountDownLatch logging = new CountDownLatch(1);
        Handler handler = handler(record -> {
            logging.countDown();
            try {
                ran.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        Logger logger = Logger.getLogger("dev.heddle");
        logger.addHandler(handler);
        AtomicBoolean stopFirst = new AtomicBoolean();
        AtomicBoolean stopSecond = new AtomicBoolean();
        try (GreenHeddle heddle = open(1, tiny(1), Trace.OFF)) {
            heddle.start(() -> spin(stopFirst));
            heddle.start(() -> spin(stopSecond));
            Task<?> waiting = heddle.start(ran::countDown);
            logging.await(); // the one that hogs the processor keeps it, since both carriers are taken
            stopFirst.set(true);
            waiting.join();
            stopSecond.set(true);
        } finally {
            logger.removeHandler(handler);
        }
    }

    private static Handler handler(Consumer<LogRecord> publish) {
        return new Handler() {
            @Override
            public void publish(LogRecord record) {
                publish.accept(record);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }
}
