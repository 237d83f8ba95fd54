package dev.heddle.internal.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedMemoryTest {
    @TempDir
    Path folder;

    @Test
    void whatOneWritesTheOtherReads() throws IOException {
        try (SharedMemory mine = SharedMemory.create(folder, 100_000);
                SharedMemory yours = SharedMemory.open(mine.file())) {
            assertThat(yours.segment().byteSize()).isEqualTo(100_000);
            mine.unlink();
            mine.segment().set(ValueLayout.JAVA_BYTE, 99_999, (byte) 7);
            assertThat(yours.segment().get(ValueLayout.JAVA_BYTE, 99_999)).isEqualTo((byte) 7);
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void onlyTheOwnerMayOpenIt() throws IOException {
        try (SharedMemory memory = SharedMemory.create(folder, 1)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(memory.file())))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void noFileIsLeft() throws IOException {
        SharedMemory.create(folder, 10).close();
        assertThat(folder).isEmptyDirectory();
        assertThatThrownBy(() -> SharedMemory.create(folder.resolve("missing"), 10))
                .isInstanceOf(IOException.class);
    }

    @Test
    void tooLittleRoomIsASentence() {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> SharedMemory.folderFor(Long.MAX_VALUE, missing, folder))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the workers need " + Long.MAX_VALUE + " bytes of shared memory")
                .hasMessageContaining(missing + " is no folder that can be written to")
                .hasMessageMatching("(?s).*\\Q" + folder + "\\E has \\d+ bytes left: make room.*");
        assertThat(SharedMemory.folderFor(1, missing, folder)).isEqualTo(folder);
    }
}
