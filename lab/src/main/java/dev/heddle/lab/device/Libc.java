package dev.heddle.lab.device;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** The calls of the C library that a device's own end takes, with Linux's numbers. Descriptors are closed by the caller. */
final class Libc {
    private static final int O_RDWR = 2;
    private static final int O_NOCTTY = 0x100;
    private static final int O_NONBLOCK = 0x800;
    private static final int OWNER_ONLY = 0600;
    private static final int LONGEST_NAME = 128;

    /** More than struct termios takes on any Linux. */
    private static final int TERMIOS_BYTES = 128;

    private static final MethodHandle OPENPT = find("posix_openpt", JAVA_INT, JAVA_INT);
    private static final MethodHandle GRANTPT = find("grantpt", JAVA_INT, JAVA_INT);
    private static final MethodHandle UNLOCKPT = find("unlockpt", JAVA_INT, JAVA_INT);
    private static final MethodHandle PTSNAME = find("ptsname_r", JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle TCGETATTR = find("tcgetattr", JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle TCSETATTR = find("tcsetattr", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle CFMAKERAW = findVoid("cfmakeraw", ADDRESS);
    private static final MethodHandle MKFIFO = find("mkfifo", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle OPEN = find("open", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle CLOSE = find("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle READ = find("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle WRITE = find("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle POLL = find("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

    private Libc() {}

    private static MethodHandle find(String name, MemoryLayout result, MemoryLayout... arguments) {
        return link(name, FunctionDescriptor.of(result, arguments));
    }

    private static MethodHandle findVoid(String name, MemoryLayout... arguments) {
        return link(name, FunctionDescriptor.ofVoid(arguments));
    }

    @SuppressWarnings("restricted") // calls of the C library, of the functions above
    private static MethodHandle link(String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker()
                .downcallHandle(Linker.nativeLinker().defaultLookup().findOrThrow(name), descriptor);
    }

    private interface Call<T> {
        T on(Arena arena) throws Throwable;
    }

    private static <T> T call(Call<T> call) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return call.on(arena);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError("a downcall throws no checked exception", t);
        }
    }

    private static int require(int result, String what) throws IOException {
        if (result < 0) {
            throw new IOException(what + " failed");
        }
        return result;
    }

    /** {@return the descriptor of a new pseudo-terminal's own end} It passes bytes through as they are, without echo. */
    static int openTerminal() throws IOException {
        return call(arena -> {
            int own = require((int) OPENPT.invokeExact(O_RDWR | O_NOCTTY), "posix_openpt");
            require((int) GRANTPT.invokeExact(own), "grantpt");
            require((int) UNLOCKPT.invokeExact(own), "unlockpt");
            MemorySegment termios = arena.allocate(TERMIOS_BYTES, 8);
            require((int) TCGETATTR.invokeExact(own, termios), "tcgetattr");
            CFMAKERAW.invokeExact(termios);
            require((int) TCSETATTR.invokeExact(own, 0, termios), "tcsetattr");
            return own;
        });
    }

    /** {@return where the other end of a pseudo-terminal is to be opened} */
    static Path terminalPath(int own) throws IOException {
        return call(arena -> {
            MemorySegment name = arena.allocate(LONGEST_NAME);
            if ((int) PTSNAME.invokeExact(own, name, (long) LONGEST_NAME) != 0) {
                throw new IOException("ptsname_r failed");
            }
            return Path.of(name.getString(0));
        });
    }

    /** {@return a descriptor of a new FIFO} Open for both directions, so that nobody waits to open the other end. */
    static int openFifo(Path path) throws IOException {
        return call(arena -> {
            MemorySegment name = arena.allocateFrom(path.toString());
            require((int) MKFIFO.invokeExact(name, OWNER_ONLY), "mkfifo " + path);
            return require((int) OPEN.invokeExact(name, O_RDWR | O_NONBLOCK), "open " + path);
        });
    }

    static void close(int descriptor) throws IOException {
        call(arena -> (int) CLOSE.invokeExact(descriptor));
    }

    /** {@return how many bytes were read; nothing more to come shows as 0 or less} */
    static long read(int descriptor, MemorySegment into) throws IOException {
        return call(arena -> (long) READ.invokeExact(descriptor, into, into.byteSize()));
    }

    /** {@return how many bytes were written, or less than 0} */
    static long write(int descriptor, MemorySegment from, long bytes) throws IOException {
        return call(arena -> (long) WRITE.invokeExact(descriptor, from, bytes));
    }

    /** Waits until one of the descriptors can be read. */
    static int poll(MemorySegment descriptors, long count, int millis) throws IOException {
        return call(arena -> (int) POLL.invokeExact(descriptors, count, millis));
    }
}
