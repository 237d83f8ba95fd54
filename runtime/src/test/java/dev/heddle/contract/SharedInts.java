package dev.heddle.contract;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * A few ints that tasks of every model see at once, those in other processes too: a mapped file. For tests that must
 * not go through a channel, since a channel would let a task wait.
 */
final class SharedInts implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int COUNT = 16;
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private final String file;
    private transient MemorySegment memory;

    /** @param folder where the file is made */
    SharedInts(Path folder) {
        file = folder.resolve("shared-ints").toString();
        memory = map();
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        memory = map();
    }

    private MemorySegment map() {
        try (FileChannel channel = FileChannel.open(
                Path.of(file), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, COUNT * Integer.BYTES, Arena.ofAuto());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int get(int index) {
        return (int) INT.getVolatile(memory, (long) index * Integer.BYTES);
    }

    void set(int index, int value) {
        INT.setVolatile(memory, (long) index * Integer.BYTES, value);
    }

    int increment(int index) {
        return (int) INT.getAndAdd(memory, (long) index * Integer.BYTES, 1) + 1;
    }

    /** {@return whether the int has reached the value within the limit} Spins: neither yields nor waits. */
    boolean spinUntil(int index, int value, Duration limit) {
        long start = System.nanoTime();
        while (get(index) < value) {
            if (System.nanoTime() - start > limit.toNanos()) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }
}
