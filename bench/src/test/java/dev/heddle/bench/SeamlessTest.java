package dev.heddle.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What recording is measured beside is Heddle, and tells the recorder nothing. */
class SeamlessTest {
    @Test
    void itsClassesAreValidAndTellTheTraceNothing(@TempDir Path folder) throws Exception {
        int written = Seamless.writeTo(folder);
        List<Path> classes;
        try (Stream<Path> found = Files.walk(folder)) {
            classes = found.filter(Files::isRegularFile).toList();
        }
        assertThat(classes).hasSize(written);
        assertThat(classes.stream().map(file -> file.getFileName().toString()))
                .contains("QueueChannel.class", "GreenScheduler.class", "HeddleCore.class");
        ClassFile verifier = ClassFile.of(ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofClassLoading(SeamlessTest.class.getClassLoader())));
        for (Path file : classes) {
            byte[] bytes = Files.readAllBytes(file);
            assertThat(verifier.verify(bytes)).as("%s", file).isEmpty();
            assertThat(Seamless.callsTheSeam(verifier.parse(bytes)))
                    .as("%s", file)
                    .isFalse();
        }
    }
}
