package dev.heddle.internal.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedFileTest {
    @TempDir
    Path folder;

    @Test
    void allOfItIsThereUntilItIsClosed() throws IOException {
        try (NamedFile file = NamedFile.create(folder, 100_000)) {
            assertThat(file.path()).hasParent(folder).hasSize(100_000);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void oneThatCannotBeMadeLeavesNothing() {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> NamedFile.create(missing, 10))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("in " + missing + ": ");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void tooLittleRoomIsASentence() throws IOException {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> NamedFile.folder(Long.MAX_VALUE, missing, folder))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("\\Q" + missing + "\\E is no folder that can be written to, and \\Q" + folder
                        + "\\E has \\d+ bytes left");
        assertThat(NamedFile.folder(1, missing, folder)).isEqualTo(folder);
    }
}
