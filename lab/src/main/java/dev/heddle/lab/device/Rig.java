package dev.heddle.lab.device;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Many small I/O devices: pseudo-terminals and FIFOs in turn, and one thread that answers for all of them. A device is asked
 * {@code READ n}, a line, and answers {@code VALUE n*7}, a line. Of ten devices one is slow, one never answers, and one is
 * unplugged after {@value #UNTIL_UNPLUGGED} answers.
 *
 * <p>Invariant: descriptors and answers belong to the rig's thread from {@link #open} on; {@link #close} ends the thread, and then
 * closes what it has left open.
 */
public final class Rig implements AutoCloseable {
    /** What a device answers to n, divided by n. */
    public static final long FACTOR = 7;

    /** How many answers come before a device is unplugged. */
    public static final int UNTIL_UNPLUGGED = 3;

    private static final int POLL_MILLIS = 1;
    private static final short POLLIN = 1;
    private static final int POLLFD_BYTES = 8;
    private static final int EVENTS = 4;
    private static final int REVENTS = 6;
    private static final int BUFFER = 256;

    /** How a device behaves. */
    public enum Manner {
        /** It answers at once. */
        PROMPT,
        /** It answers after a while, but in time. */
        SLOW,
        /** It never answers. */
        SILENT,
        /** It is gone after some answers. */
        UNPLUGGED
    }

    /**
     * How to reach a device.
     *
     * @param ask where to write to
     * @param answers where to read from; the same for a pseudo-terminal
     * @param manner how it behaves
     */
    public record Address(String ask, String answers, Manner manner) implements java.io.Serializable {}

    private static final class Device {
        private final int asked;
        private final int answering;
        private final Manner manner;
        private final StringBuilder line = new StringBuilder();
        private int answers;
        private boolean gone;

        Device(int asked, int answering, Manner manner) {
            this.asked = asked;
            this.answering = answering;
            this.manner = manner;
        }
    }

    private record Due(long nanos, Device device, String text) {}

    private final Path folder;
    private final long slowNanos;
    private final List<Device> devices = new ArrayList<>();
    private final List<Address> addresses = new ArrayList<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::nanos));
    private final Thread thread = Thread.ofPlatform().daemon().name("rig").unstarted(this::run);
    private volatile boolean over;
    private volatile @Nullable IOException failure;

    private Rig(Path folder, long slowNanos) {
        this.folder = folder;
        this.slowNanos = slowNanos;
    }

    /**
     * @param count how many devices
     * @param slowMillis how long a slow one takes to answer
     * @return the devices, which answer from now on
     * @throws IOException if the machine does not have so many; the message says which call failed
     */
    public static Rig open(int count, long slowMillis) throws IOException {
        Rig rig = new Rig(Files.createTempDirectory("heddle-rig"), TimeUnit.MILLISECONDS.toNanos(slowMillis));
        try {
            for (int i = 0; i < count; i++) {
                rig.add(i);
            }
        } catch (IOException e) {
            rig.close();
            throw e;
        }
        rig.thread.start();
        return rig;
    }

    private void add(int number) throws IOException {
        Manner manner = switch (number % 10) {
            case 3 -> Manner.SLOW;
            case 5 -> Manner.SILENT;
            case 7 -> Manner.UNPLUGGED;
            default -> Manner.PROMPT;
        };
        if (number % 2 == 0 || manner == Manner.UNPLUGGED) { // only a terminal tells that it has been unplugged
            int own = Libc.openTerminal();
            devices.add(new Device(own, own, manner));
            String path = Libc.terminalPath(own).toString();
            addresses.add(new Address(path, path, manner));
        } else {
            Path ask = folder.resolve("ask" + number);
            Path answers = folder.resolve("answers" + number);
            devices.add(new Device(Libc.openFifo(ask), Libc.openFifo(answers), manner));
            addresses.add(new Address(ask.toString(), answers.toString(), manner));
        }
    }

    /** {@return how to reach the devices} */
    public List<Address> addresses() {
        return List.copyOf(addresses);
    }

    private void run() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment polled = arena.allocate((long) devices.size() * POLLFD_BYTES, 4);
            MemorySegment buffer = arena.allocate(BUFFER);
            while (!over) {
                for (int i = 0; i < devices.size(); i++) {
                    long at = (long) i * POLLFD_BYTES;
                    Device device = devices.get(i);
                    polled.set(JAVA_INT, at, device.gone ? -1 : device.asked); // less than 0: is passed over
                    polled.set(JAVA_SHORT, at + EVENTS, POLLIN);
                }
                if (Libc.poll(polled, devices.size(), POLL_MILLIS) > 0) {
                    for (int i = 0; i < devices.size(); i++) {
                        short found = polled.get(JAVA_SHORT, (long) i * POLLFD_BYTES + REVENTS);
                        if ((found & POLLIN) != 0 && !devices.get(i).gone) {
                            read(devices.get(i), buffer);
                        }
                    }
                }
                answerWhatIsDue(buffer);
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    private void read(Device device, MemorySegment buffer) throws IOException {
        long bytes = Libc.read(device.asked, buffer);
        for (long i = 0; i < bytes; i++) {
            char c = (char) buffer.get(JAVA_BYTE, i);
            if (c != '\n') {
                device.line.append(c);
                continue;
            }
            long number = Long.parseLong(device.line.substring("READ ".length()));
            device.line.setLength(0);
            if (device.manner != Manner.SILENT) {
                long delay = device.manner == Manner.SLOW ? slowNanos : 0;
                due.add(new Due(System.nanoTime() + delay, device, "VALUE " + number * FACTOR + "\n"));
            }
        }
    }

    private void answerWhatIsDue(MemorySegment buffer) throws IOException {
        for (Due next = due.peek(); next != null && next.nanos() - System.nanoTime() <= 0; next = due.peek()) {
            due.remove();
            Device device = next.device();
            if (device.gone) {
                continue;
            }
            if (device.manner == Manner.UNPLUGGED && device.answers == UNTIL_UNPLUGGED) {
                device.gone = true;
                Libc.close(device.asked); // a terminal has but one
                continue;
            }
            byte[] bytes = next.text().getBytes(StandardCharsets.US_ASCII);
            MemorySegment.copy(bytes, 0, buffer, JAVA_BYTE, 0, bytes.length);
            Libc.write(device.answering, buffer, bytes.length);
            device.answers++;
        }
    }

    @Override
    public void close() throws IOException {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Device device : devices) {
            if (!device.gone) {
                Libc.close(device.asked);
                if (device.answering != device.asked) {
                    Libc.close(device.answering);
                }
            }
        }
        try (Stream<Path> left = Files.list(folder)) {
            left.forEach(Rig::delete);
        }
        Files.delete(folder);
        if (failure != null) {
            throw failure;
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
