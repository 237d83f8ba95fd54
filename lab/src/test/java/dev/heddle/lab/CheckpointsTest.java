package dev.heddle.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Heddle;
import dev.heddle.internal.agent.Checkpoints;
import dev.heddle.internal.agent.ClassRewriter;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The lab's classes are valid after the agent has put checkpoints into them. */
class CheckpointsTest {
    private final ClassRewriter rewriter =
            new ClassRewriter(new Checkpoints(Heddle.class.getName(), true, "checkpoint", name -> true), text -> {
                throw new AssertionError(text);
            });

    @Test
    void areValid() throws Exception {
        Path lab = Path.of(
                Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.walk(lab)) {
            List<byte[]> rewritten = files.filter(file -> file.toString().endsWith(".class"))
                    .map(this::rewritten)
                    .filter(file -> file.length > 0)
                    .toList();
            assertThat(rewritten).hasSizeGreaterThan(50);
            assertThat(rewritten)
                    .allSatisfy(file -> assertThat(ClassFile.of().verify(file)).isEmpty());
        }
    }

    /** {@return the class, or nothing if it is as before} */
    private byte[] rewritten(Path file) {
        try {
            byte[] changed = rewriter.rewrite(Files.readAllBytes(file));
            return changed == null ? new byte[0] : changed;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
