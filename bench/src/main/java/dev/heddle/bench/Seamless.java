package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.internal.trace.Trace;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A Heddle that cannot be recorded: its classes, with the calls that tell the {@link Trace} what happens taken out. What is left of them
 * is their arguments, which the JIT removes. Beside it one sees what the calls cost where nothing is recorded.
 */
final class Seamless {
    private static final String SEAM = Trace.class.getName().replace('.', '/');
    private static final Path SEAMS_ROOM = Path.of("dev/heddle/internal/trace");

    private static final ClassFile CLASS_FILE = ClassFile.of(
            ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofClassLoading(Seamless.class.getClassLoader())));

    private static final CodeTransform WITHOUT_CALLS = (code, element) -> {
        if (element instanceof InvokeInstruction call && isOfTheSeam(call)) {
            takeOut(code, call);
        } else {
            code.with(element);
        }
    };

    private Seamless() {}

    /** Writes the classes that are other ones into a folder, to stand on a class path before Heddle; {@return how many} */
    static int writeTo(Path folder) throws IOException {
        Path heddle = heddle();
        if (Files.isDirectory(heddle)) {
            return write(heddle, folder);
        }
        try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + heddle.toUri()), Map.of())) {
            return write(jar.getPath("/"), folder);
        }
    }

    private static Path heddle() {
        try {
            return Path.of(Heddle.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("where Heddle's classes are is no address of a file", e);
        }
    }

    private static int write(Path from, Path to) throws IOException {
        int written = 0;
        List<Path> all;
        try (Stream<Path> found = Files.walk(from.resolve("dev"))) {
            all = found.filter(file -> file.toString().endsWith(".class")).toList();
        }
        for (Path file : all) {
            Path name = Path.of(from.relativize(file).toString());
            ClassModel model = CLASS_FILE.parse(Files.readAllBytes(file));
            if (!name.startsWith(SEAMS_ROOM) && callsTheSeam(model)) {
                Path target = to.resolve(name);
                Files.createDirectories(target.getParent());
                Files.write(
                        target,
                        CLASS_FILE.transformClass(model, ClassTransform.transformingMethodBodies(WITHOUT_CALLS)));
                written++;
            }
        }
        return written;
    }

    /** {@return whether code of the class tells the seam anything} */
    static boolean callsTheSeam(ClassModel model) {
        return model.methods().stream()
                .flatMap(method -> method.code().stream())
                .flatMap(code -> code.elementStream())
                .anyMatch(element -> element instanceof InvokeInstruction call && isOfTheSeam(call));
    }

    private static boolean isOfTheSeam(InvokeInstruction call) {
        return call.owner().asInternalName().equals(SEAM)
                && call.typeSymbol().returnType().equals(ConstantDescs.CD_void);
    }

    private static void takeOut(CodeBuilder code, InvokeInstruction call) {
        List<ClassDesc> arguments = call.typeSymbol().parameterList();
        for (ClassDesc argument : arguments.reversed()) {
            if (TypeKind.from(argument).slotSize() == 2) {
                code.pop2();
            } else {
                code.pop();
            }
        }
        code.pop(); // the trace
    }
}
