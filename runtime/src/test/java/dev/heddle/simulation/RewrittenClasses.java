package dev.heddle.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.FieldModel;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Classes of the class path once more, with other code: to the JVM they are others than those of the same names. */
public final class RewrittenClasses extends ClassLoader {
    private final Predicate<String> rewritten;
    private final ClassTransform change;

    /**
     * @param again the names of the classes that are loaded once more
     * @param rewritten those of them that are rewritten
     * @param change how
     */
    public RewrittenClasses(Predicate<String> again, Predicate<String> rewritten, ClassTransform change) {
        super(new ClassLoader(RewrittenClasses.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                if (again.test(name)) {
                    throw new ClassNotFoundException(name); // so that findClass is asked
                }
                return super.loadClass(name, resolve);
            }
        });
        this.rewritten = rewritten;
        this.change = change;
    }

    @Override
    protected Class<?> findClass(String name) {
        byte[] bytes = bytesOf(name);
        if (rewritten.test(name)) {
            ClassFile format = ClassFile.of();
            bytes = format.transformClass(format.parse(bytes), change);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    private static byte[] bytesOf(String name) {
        String file = name.replace('.', '/') + ".class";
        try (InputStream in = RewrittenClasses.class.getClassLoader().getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("no " + file + " on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Knows the declarations of fields, which an access in a class file does not tell. */
    public static final class Fields {
        private final Map<String, ClassModel> classes = new HashMap<>();

        /** For use by one thread. */
        public Fields() {}

        /**
         * {@return the declaration of a field}
         *
         * @param owner the name of a class on the class path that has or inherits it
         * @param name that of the field
         */
        public FieldModel find(String owner, String name) {
            ClassModel model =
                    classes.computeIfAbsent(owner, it -> ClassFile.of().parse(bytesOf(it)));
            return model.fields().stream()
                    .filter(field -> field.fieldName().equalsString(name))
                    .findFirst()
                    .orElseGet(() -> find(superclass(model), name));
        }

        private static String superclass(ClassModel model) {
            return model.superclass().orElseThrow().asInternalName().replace('/', '.');
        }
    }
}
