package dev.heddle.internal.vthread;

import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandles;
import java.util.function.Function;

/** Classes of ours beside {@link Thread}, in the package that must be open to us anyway: they see what is not exported. */
final class JavaLang {
    private JavaLang() {}

    /**
     * @param need a sentence without its end
     * @throws IllegalStateException if {@code java.lang} is not open to us; the message names the flag to add
     */
    static void requireOpen(String need) {
        try {
            MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup());
        } catch (IllegalAccessException e) {
            Module module = JavaLang.class.getModule();
            throw new IllegalStateException(
                    need + ", and this JVM does not allow it: add the JVM flag --add-opens java.base/java.lang="
                            + (module.isNamed() ? module.getName() : "ALL-UNNAMED")
                            + ", or the line \"Add-Opens: java.base/java.lang\" to the manifest of a runnable jar",
                    e);
        }
    }

    /**
     * @param simpleName of the class
     * @param bytes make the class file
     * @return the class
     */
    static Class<?> define(String simpleName, Function<ClassDesc, byte[]> bytes) throws ReflectiveOperationException {
        String name = Thread.class.getPackageName() + "." + simpleName;
        try {
            return MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup())
                    .defineClass(bytes.apply(ClassDesc.of(name)));
        } catch (LinkageError e) { // another class loader's copy of Heddle was here first
            return Class.forName(name, true, null);
        }
    }
}
