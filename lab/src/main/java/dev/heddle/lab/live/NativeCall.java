package dev.heddle.lab.live;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** A function of the C library that takes an int and returns one. */
final class NativeCall {
    private final MethodHandle handle;

    private NativeCall(MethodHandle handle) {
        this.handle = handle;
    }

    /** {@return the function of that name, if the system has it} */
    @SuppressWarnings("restricted") // calls of the C library, of the functions that are named
    static Optional<NativeCall> find(String name) {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find(name)
                .map(address -> new NativeCall(linker.downcallHandle(
                        address, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))));
    }

    int with(int argument) {
        try {
            return (int) handle.invokeExact(argument);
        } catch (Throwable t) {
            throw new AssertionError("a downcall throws nothing", t);
        }
    }
}
