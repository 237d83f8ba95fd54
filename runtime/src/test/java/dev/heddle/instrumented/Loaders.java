package dev.heddle.instrumented;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.net.URL;
import java.net.URLClassLoader;

/** Loads classes that cannot have checkpoints: they do not see Heddle, or are older than Java 8. */
public final class Loaders {
    private Loaders() {}

    /** Code without and with a loop. */
    public static final class First {
        private First() {}

        /** {@return a sum} */
        public static int sum() {
            int sum = 0;
            for (int i = 0; i < 10; i++) {
                sum += Integer.parseInt("1");
            }
            return sum;
        }
    }

    /** Another class. */
    public static final class Second {
        private Second() {}

        /** {@return a sum} */
        public static int sum() {
            return First.sum() + 1;
        }
    }

    /**
     * Prints what they compute.
     *
     * @param args none
     * @throws Exception if it fails
     */
    public static void main(String[] args) throws Exception {
        URL classes = Loaders.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader alone =
                new URLClassLoader("alone", new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
            Class<?> second = Class.forName(Second.class.getName(), true, alone);
            System.out.println(second.getMethod("sum").invoke(null));
        }
        System.out.println(old().getMethod("sum").invoke(null));
    }

    private static Class<?> old() {
        String name = Loaders.class.getPackageName() + ".Old";
        byte[] file = ClassFile.of()
                .build(
                        ClassDesc.of(name),
                        type -> type.withVersion(ClassFile.JAVA_5_VERSION, 0)
                                .withFlags(ClassFile.ACC_PUBLIC)
                                .withMethodBody(
                                        "sum",
                                        MethodTypeDesc.of(ConstantDescs.CD_int),
                                        ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                                        code -> code.bipush(12).ireturn()));
        return new ClassLoader(Loaders.class.getClassLoader()) {
            Class<?> define() {
                return defineClass(name, file, 0, file.length);
            }
        }.define();
    }
}
