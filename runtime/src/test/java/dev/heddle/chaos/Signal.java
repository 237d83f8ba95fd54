package dev.heddle.chaos;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** {@code kill(2)}, since a process that is to be hit at a certain instruction cannot start another for that. */
final class Signal {
    private static final MethodHandle KILL = find();

    private Signal() {}

    @SuppressWarnings("restricted")
    private static MethodHandle find() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("kill"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }

    /** {@return whether there was such a process} */
    static boolean send(long pid, int number) {
        try {
            return (int) KILL.invokeExact((int) pid, number) == 0;
        } catch (Throwable t) {
            throw new AssertionError("a native call threw", t);
        }
    }
}
