package dev.heddle.internal.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.internal.os.SharedFile.Kind;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SharedFileTest {
    private static final long ODD_SIZE = 3 * 65_536 + 5;

    static Stream<Kind> kinds() {
        return Stream.of(Kind.values()).filter(kind -> kind == Kind.NAME || Kind.best() == kind);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whoOpensItSeesTheSameAsLongAsItIsOpen(Kind kind) throws IOException {
        Path path;
        MemorySegment yours;
        MemorySegment mine;
        try (SharedFile file = SharedFile.create(kind, ODD_SIZE)) {
            path = file.path();
            mine = file.segment();
            yours = SharedFile.open(path);
            assertThat(yours.byteSize()).isEqualTo(ODD_SIZE);
            assertThat(yours.mismatch(MemorySegment.ofArray(new byte[(int) ODD_SIZE])))
                    .as("zeroed")
                    .isEqualTo(-1);
            mine.set(ValueLayout.JAVA_BYTE, ODD_SIZE - 1, (byte) 3);
            assertThat(SharedFile.open(path).get(ValueLayout.JAVA_BYTE, ODD_SIZE - 1))
                    .as("of one that comes later")
                    .isEqualTo((byte) 3);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
        }
        assertThat(yours.get(ValueLayout.JAVA_BYTE, ODD_SIZE - 1))
                .as("whoever has it mapped keeps it")
                .isEqualTo((byte) 3);
        assertThatThrownBy(() -> mine.get(ValueLayout.JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
        assertThat(path).doesNotExist();
        assertThatThrownBy(() -> SharedFile.open(path)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void isFoundByNobodyWhenUnlinked(Kind kind) throws IOException {
        try (SharedFile file = SharedFile.create(kind, ODD_SIZE)) {
            MemorySegment yours = SharedFile.open(file.path());
            file.unlink();
            assertThat(file.path()).doesNotExist();
            Path next = Files.createTempFile("heddle", null);
            try (FileChannel mayHaveItsDescriptor = FileChannel.open(next, StandardOpenOption.READ)) {
                file.unlink();
                assertThat(mayHaveItsDescriptor.size()).isZero();
            } finally {
                Files.delete(next);
            }
            file.segment().set(ValueLayout.JAVA_BYTE, ODD_SIZE - 1, (byte) 7);
            assertThat(yours.get(ValueLayout.JAVA_BYTE, ODD_SIZE - 1)).isEqualTo((byte) 7);
        }
    }

    @Test
    void whoHasOneMappedCanRemoveItsName() throws IOException {
        try (SharedFile file = SharedFile.create(Kind.NAME, ODD_SIZE);
                SharedFile other = SharedFile.create(Kind.NAME, ODD_SIZE)) {
            MemorySegment yours = SharedFile.open(file.path());
            SharedFile.unlinkAll();
            assertThat(file.path()).doesNotExist();
            assertThat(other.path()).exists();
            assertThat(yours.get(ValueLayout.JAVA_BYTE, 0)).isZero();
        }
    }

    @Test
    void nobodyCanShrinkItUnderTheOthers() throws IOException {
        if (Kind.best() != Kind.DESCRIPTOR) {
            return; // a name has no seals
        }
        try (SharedFile file = SharedFile.create(Kind.DESCRIPTOR, ODD_SIZE);
                FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.WRITE)) {
            assertThatThrownBy(() -> channel.truncate(1)).isInstanceOf(IOException.class);
            file.segment().set(ValueLayout.JAVA_BYTE, ODD_SIZE - 1, (byte) 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tooLittleRoomIsASentence(Kind kind) {
        assertThatThrownBy(() -> SharedFile.create(kind, 1L << 60))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching("cannot make " + (1L << 60)
                        + " bytes of shared memory: only \\d+ bytes of RAM are available; make it smaller, .*");
    }
}
