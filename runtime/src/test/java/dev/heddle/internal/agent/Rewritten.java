package dev.heddle.internal.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Classes with checkpoints, beside those that have none: to the JVM they are others. Its checkpoint counts how often it is called. */
final class Rewritten extends ClassLoader {
    private final Map<String, byte[]> files = new HashMap<>();
    private final String prefix;

    /** What was said about methods that have no checkpoints. */
    final List<String> told = new ArrayList<>();

    private final ClassRewriter rewriter =
            new ClassRewriter(new Checkpoints(Counter.class.getName(), false, "checkpoint", this::isOurs), told::add);

    /** Called by rewritten code. */
    public static final class Counter {
        private static int calls;

        private Counter() {}

        /** Counts. */
        public static void checkpoint() {
            calls++;
        }

        static int reset() {
            int before = calls;
            calls = 0;
            return before;
        }
    }

    /** @param prefix which classes are rewritten, those of the class path and others */
    Rewritten(String prefix) {
        super(Rewritten.class.getClassLoader());
        this.prefix = prefix;
    }

    private boolean isOurs(String internalName) {
        return internalName.replace('/', '.').startsWith(prefix);
    }

    /** There is a class that is not on the class path. */
    void add(String name, byte[] file) {
        files.put(name, file);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(prefix)) {
            return super.loadClass(name, resolve);
        }
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
            return loaded;
        }
        byte[] file = files.computeIfAbsent(name, Rewritten::fileOf);
        byte[] rewritten = rewriter.rewrite(file);
        byte[] bytes = rewritten == null ? file : rewritten;
        return defineClass(name, bytes, 0, bytes.length);
    }

    private static byte[] fileOf(String name) {
        try (InputStream in = Rewritten.class.getClassLoader().getResourceAsStream(name.replace('.', '/') + ".class")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return what a static method without parameters returns, or what it throws} */
    static Object call(Class<?> type, String method) throws ReflectiveOperationException {
        Method found = type.getDeclaredMethod(method);
        found.setAccessible(true);
        try {
            return found.invoke(null);
        } catch (InvocationTargetException e) {
            return e.getCause().toString();
        }
    }
}
