package dev.heddle.internal.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Heddle;
import dev.heddle.testing.HeddleTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever there is in java.base and in Heddle is valid after it has got checkpoints. That of the lab has a test there. */
class EveryClassTest extends HeddleTest {
    private final ClassRewriter rewriter =
            new ClassRewriter(new Checkpoints(Heddle.class.getName(), true, "checkpoint", name -> true), text -> {
                throw new AssertionError(text);
            });
    private final AtomicInteger rewritten = new AtomicInteger();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    @Test
    void isValidWithCheckpoints() throws Exception {
        Path heddle = Path.of(
                Heddle.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        verifyAll(FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules/java.base"));
        verifyAll(heddle);
        assertThat(wrong).isEmpty();
        assertThat(rewritten.get()).isGreaterThan(5_000);
    }

    private void verifyAll(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(file -> file.toString().endsWith(".class")).toList().parallelStream()
                    .forEach(this::verify);
        }
    }

    private void verify(Path file) {
        byte[] bytes;
        try {
            bytes = rewriter.rewrite(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (bytes != null) {
            rewritten.incrementAndGet();
            ClassFile.of().verify(bytes).forEach(error -> wrong.add(file + ": " + error.getMessage()));
        }
    }
}
