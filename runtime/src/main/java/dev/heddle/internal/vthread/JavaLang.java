package dev.heddle.internal.vthread;

import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandles;
import java.util.function.Function;

/** Classes of ours beside {@link Thread}, in the package that must be open to us anyway: they see what is not exported. */
final class JavaLang {
    private JavaLang() {}

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
