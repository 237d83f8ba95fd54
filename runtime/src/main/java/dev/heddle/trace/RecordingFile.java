package dev.heddle.trace;

import dev.heddle.Model;
import dev.heddle.trace.TraceEvent.Kind;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * The file of a {@link Recording}. Numbers are of variable length, seven bits a byte, low ones first; those marked ± are first made
 * unsigned, the sign in the lowest bit. A text is its length in bytes and UTF-8.
 *
 * <pre>{@code
 * 8 bytes    "HDLTRACE"
 * 1 byte     version: 2 if there are stacks, else 1
 * the rest is deflated:
 *   model, start (± seconds since 1970, nanoseconds), duration in nanoseconds, lost events
 *   number of lanes, and for each its number and name
 *   number of names, and each of them; number of tasks that have one, and for each ± the difference of its
 *     number to the one before, and the index of its name
 *   number of events, and for each its kind, the difference of its time to the one before, ± that of its task,
 *     ± its lane, ± its detail
 *   in version 2 the number of stacks, and for each how many frames it has, and those
 *   8 bytes    the CRC-32 of what was deflated, without these
 * }</pre>
 *
 * <p>Nothing in a file is believed: room is made for what has been read, and not for what a number announces.
 */
final class RecordingFile {
    private static final byte[] MAGIC = "HDLTRACE".getBytes(StandardCharsets.US_ASCII);
    private static final int WITHOUT_STACKS = 1;
    private static final int VERSION = 2;

    /** The longest name that is read, in bytes. */
    private static final int LONGEST_NAME = 1 << 16;

    private static final int DEEPEST = 1 << 10;
    private static final int MOST_LANES = 1 << 24;
    private static final int MOST_EVENTS = 1 << 28;
    private static final Model[] MODELS = Model.values();
    private static final Kind[] KINDS = Kind.values();

    private RecordingFile() {}

    // ---- writing

    /** The parts of a recording, as they are in the file. */
    record Content(
            Model model,
            Instant start,
            Duration duration,
            List<Lane> lanes,
            TaskNames names,
            Events events,
            long lost,
            List<List<String>> stacks) {}

    static void write(Path file, Content content) throws IOException {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try (OutputStream raw = Files.newOutputStream(file)) {
            raw.write(MAGIC);
            raw.write(content.stacks().isEmpty() ? WITHOUT_STACKS : VERSION);
            CheckedOutputStream checked = new CheckedOutputStream(
                    new BufferedOutputStream(new DeflaterOutputStream(raw, deflater, 1 << 16), 1 << 16), new CRC32());
            DataOutputStream out = new DataOutputStream(checked);
            write(out, content);
            out.writeLong(checked.getChecksum().getValue());
            out.close();
        } finally {
            deflater.end();
        }
    }

    @SuppressWarnings("EnumOrdinal") // the format fixes them
    private static void write(DataOutputStream out, Content content) throws IOException {
        number(out, content.model().ordinal());
        Duration start = Duration.between(Instant.EPOCH, content.start());
        signed(out, start.toSeconds());
        number(out, start.toNanosPart());
        number(out, content.duration().toNanos());
        number(out, content.lost());
        number(out, content.lanes().size());
        for (Lane lane : content.lanes()) {
            number(out, lane.number());
            text(out, lane.name());
        }
        TaskNames names = content.names();
        number(out, names.names().size());
        for (String name : names.names()) {
            text(out, name);
        }
        number(out, names.size());
        long before = 0;
        for (int i = 0; i < names.size(); i++) {
            signed(out, names.task(i) - before);
            number(out, names.index(i));
            before = names.task(i);
        }
        Events events = content.events();
        number(out, events.size());
        long time = 0;
        long task = 0;
        for (int i = 0; i < events.size(); i++) {
            out.write(events.kind(i).ordinal());
            number(out, events.nanos(i) - time);
            signed(out, events.task(i) - task);
            signed(out, events.lane(i));
            signed(out, events.detail(i));
            time = events.nanos(i);
            task = events.task(i);
        }
        if (!content.stacks().isEmpty()) {
            number(out, content.stacks().size());
            for (List<String> stack : content.stacks()) {
                number(out, stack.size());
                for (String frame : stack) {
                    text(out, frame);
                }
            }
        }
    }

    private static void number(DataOutputStream out, long n) throws IOException {
        long left = n;
        while ((left & ~0x7fL) != 0) {
            out.write((int) ((left & 0x7f) | 0x80));
            left >>>= 7;
        }
        out.write((int) left);
    }

    private static void signed(DataOutputStream out, long n) throws IOException {
        number(out, (n << 1) ^ (n >> 63));
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        String cut = text.substring(0, Math.min(text.length(), LONGEST_NAME / 3)); // so long in UTF-8, at most
        byte[] bytes = cut.getBytes(StandardCharsets.UTF_8);
        number(out, bytes.length);
        out.write(bytes);
    }

    // ---- reading

    static Content read(Path file) throws IOException {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            byte[] magic = raw.readNBytes(MAGIC.length);
            if (!Arrays.equals(magic, MAGIC)) {
                throw new IOException(
                        file + " is no recording of Heddle's: it does not begin as one. Recordings are made"
                                + " by Recording.writeTo and ./heddle trace");
            }
            int version = raw.read();
            if (version != VERSION && version != WITHOUT_STACKS) {
                throw new IOException(file + " is a recording in version " + version + " of the format, and this Heddle"
                        + " reads versions up to " + VERSION + ": read it with the Heddle that has written it");
            }
            CheckedInputStream checked =
                    new CheckedInputStream(new BufferedInputStream(new InflaterInputStream(raw), 1 << 16), new CRC32());
            DataInputStream in = new DataInputStream(checked);
            Content content = read(in, version);
            long sum = checked.getChecksum().getValue();
            if (in.readLong() != sum || in.read() >= 0) { // which also sees whether the deflated data has its own end
                throw new DamagedException("its checksum is wrong");
            }
            return content;
        } catch (DamagedException | EOFException | ZipException e) {
            String what = e instanceof EOFException ? "it ends too early" : e.getMessage();
            throw new IOException(file + " is damaged: " + what + ". Record it again", e);
        }
    }

    /** What is read cannot be. */
    private static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1L;

        DamagedException(String what) {
            super(what);
        }
    }

    private static Content read(DataInputStream in, int version) throws IOException {
        Model model = MODELS[limited(in, MODELS.length - 1, "model")];
        Instant start;
        try {
            start = Instant.ofEpochSecond(signed(in), limited(in, 999_999_999, "start"));
        } catch (DateTimeException e) {
            throw new DamagedException("its start is no time");
        }
        long duration = number(in);
        long lost = number(in);
        if (duration < 0 || lost < 0) {
            throw new DamagedException("its duration, or how much was lost, is negative");
        }
        int laneCount = limited(in, MOST_LANES, "number of lanes");
        List<Lane> lanes = new ArrayList<>();
        for (int i = 0; i < laneCount; i++) {
            lanes.add(new Lane(limited(in, MOST_LANES, "number of a lane"), text(in)));
        }
        TaskNames names = readNames(in);
        Events events = readEvents(in, duration);
        List<List<String>> stacks = version == VERSION ? readStacks(in) : List.of();
        return new Content(model, start, Duration.ofNanos(duration), lanes, names, events, lost, stacks);
    }

    private static List<List<String>> readStacks(DataInputStream in) throws IOException {
        int count = limited(in, MOST_EVENTS, "number of stacks");
        List<List<String>> stacks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int depth = limited(in, DEEPEST, "number of frames");
            List<String> frames = new ArrayList<>();
            for (int f = 0; f < depth; f++) {
                frames.add(text(in));
            }
            stacks.add(frames);
        }
        return stacks;
    }

    private static TaskNames readNames(DataInputStream in) throws IOException {
        int nameCount = limited(in, MOST_EVENTS, "number of names");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < nameCount; i++) {
            names.add(text(in));
        }
        int count = limited(in, MOST_EVENTS, "number of tasks");
        long[] tasks = new long[Math.min(count, 1024)];
        int[] of = new int[tasks.length];
        long before = 0;
        for (int i = 0; i < count; i++) {
            if (i == tasks.length) {
                tasks = Arrays.copyOf(tasks, Math.min(count, 2 * i));
                of = Arrays.copyOf(of, tasks.length);
            }
            tasks[i] = before + signed(in);
            of[i] = limited(in, nameCount - 1, "index of a name");
            if (i > 0 && tasks[i] <= before) {
                throw new DamagedException("its tasks are not in order");
            }
            before = tasks[i];
        }
        return new TaskNames(tasks, of, names);
    }

    private static Events readEvents(DataInputStream in, long duration) throws IOException {
        int count = limited(in, MOST_EVENTS, "number of events");
        Events events = new Events(Math.min(count, 1 << 16));
        long time = 0;
        long task = 0;
        for (int i = 0; i < count; i++) {
            int kind = in.readUnsignedByte();
            if (kind >= KINDS.length) {
                throw new DamagedException("an event has the kind " + kind + ", which there is not");
            }
            long later = number(in);
            if (later < 0 || later > duration - time) {
                throw new DamagedException("an event is later than the end of the recording");
            }
            time += later;
            task += signed(in);
            long lane = signed(in);
            if (lane < TraceEvent.NO_LANE || lane > MOST_LANES) {
                throw new DamagedException("an event is on lane " + lane + ", which there is not");
            }
            events.add(time, KINDS[kind], task, (int) lane, signed(in));
        }
        return events;
    }

    private static long number(DataInputStream in) throws IOException {
        long n = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int b = in.readUnsignedByte();
            n |= (long) (b & 0x7f) << shift;
            if ((b & 0x80) == 0) {
                return n;
            }
        }
        throw new DamagedException("a number in it does not end");
    }

    private static long signed(DataInputStream in) throws IOException {
        long n = number(in);
        return (n >>> 1) ^ -(n & 1);
    }

    private static int limited(DataInputStream in, int most, String what) throws IOException {
        long n = number(in);
        if (n < 0 || n > most) {
            throw new DamagedException("its " + what + " is " + n + ", of at most " + most);
        }
        return (int) n;
    }

    private static String text(DataInputStream in) throws IOException {
        byte[] bytes = in.readNBytes(limited(in, LONGEST_NAME, "length of a name"));
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new DamagedException("a name in it is no text");
        }
    }
}
