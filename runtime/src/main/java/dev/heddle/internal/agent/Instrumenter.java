package dev.heddle.internal.agent;

import dev.heddle.Heddle;
import java.lang.classfile.ClassFile;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts checkpoints into named classes while they are loaded.
 *
 * <p>A class that cannot have them is loaded as it is, and the first of its kind is told about. Nothing here loads a class of the
 * program: the JVM would not show that one to us.
 */
final class Instrumenter implements ClassFileTransformer {
    /** Older classes cannot call a static method of an interface. */
    private static final int OLDEST = ClassFile.JAVA_8_VERSION;

    private final Instrumentation instrumentation;
    private final Consumer<String> console;
    private final ClassRewriter rewriter;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    private volatile NamedClasses named = new NamedClasses(List.of());

    /**
     * @param instrumentation lets modules read Heddle's
     * @param console where to say what is left as it is
     */
    Instrumenter(Instrumentation instrumentation, Consumer<String> console) {
        this.instrumentation = instrumentation;
        this.console = console;
        rewriter = new ClassRewriter(
                new Checkpoints(Heddle.class.getName(), true, "checkpoint", name -> named.has(name)),
                text -> tell(text, text));
    }

    /** {@return all that are named by now} Called by one thread at a time. */
    NamedClasses add(NamedClasses more) {
        NamedClasses all = named.and(more);
        named = all;
        return all;
    }

    @Override
    public byte @Nullable [] transform(
            Module module,
            @Nullable ClassLoader loader,
            @Nullable String name,
            @Nullable Class<?> redefined,
            @Nullable ProtectionDomain domain,
            byte[] bytes) {
        if (name == null || !named.has(name)) {
            return null;
        }
        try {
            return mayCall(module, loader, name) && isNewEnough(bytes, name) ? rewriter.rewrite(bytes) : null;
        } catch (RuntimeException e) { // the JVM would keep it to itself
            tell(name, name.replace('/', '.') + " has no checkpoints, since its class file cannot be rewritten: " + e);
            return null;
        }
    }

    private boolean isNewEnough(byte[] bytes, String name) {
        // After four bytes of magic and two of the minor version.
        int version = ((bytes[6] & 0xff) << 8) | (bytes[7] & 0xff);
        if (version < OLDEST) {
            tell("old", "classes of Java 7 and before have no checkpoints, such as " + name.replace('/', '.'));
        }
        return version >= OLDEST;
    }

    /** {@return whether the class finds {@link Heddle}, be it this one or that of its own loader} */
    private boolean mayCall(Module module, @Nullable ClassLoader loader, String name) {
        Module heddle;
        try {
            heddle = Class.forName(Heddle.class.getName(), false, loader).getModule();
        } catch (ClassNotFoundException | LinkageError e) {
            String where = loader == null ? "the JVM's own class loader" : loader.toString();
            tell(
                    where,
                    "classes of " + where + " have no checkpoints, such as " + name.replace('/', '.')
                            + ", since they do not see " + Heddle.class.getName() + ": " + e);
            return false;
        }
        if (!module.canRead(heddle)) {
            instrumentation.redefineModule(module, Set.of(heddle), Map.of(), Map.of(), Set.of(), Map.of());
        }
        return true;
    }

    private void tell(String key, String text) {
        if (told.add(key)) {
            console.accept("heddle: " + text);
        }
    }
}
