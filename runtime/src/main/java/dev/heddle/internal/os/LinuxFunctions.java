package dev.heddle.internal.os;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** Functions of Linux's C library. */
final class LinuxFunctions {
    private LinuxFunctions() {}

    /** {@return the function, or null on other systems and where the JVM was started with native access denied} */
    @SuppressWarnings("restricted") // native access is what this class is for
    static @Nullable MethodHandle find(String name, FunctionDescriptor type, Linker.Option... options) {
        if (!System.getProperty("os.name").equals("Linux")) {
            return null;
        }
        try {
            Linker linker = Linker.nativeLinker();
            return linker.defaultLookup()
                    .find(name)
                    .map(address -> linker.downcallHandle(address, type, options))
                    .orElse(null);
        } catch (IllegalCallerException e) {
            return null; // the caller does without
        }
    }
}
