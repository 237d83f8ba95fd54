package dev.heddle.lab.live;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Lets a workload give way to whoever looks at it: with dozens of OS threads that compute, a browser on the same CPUs would get so little
 * of them that it could not draw what it is told, or tell what is clicked. The POSIX call {@code nice}, which on Linux is about the
 * calling thread, and what it starts inherits it.
 */
final class Niceness {
    /** A thread of this niceness gets a tenth of what one of niceness 0 gets, if both want the CPU; and all of it if nobody else does. */
    private static final int OF_WORKLOAD = 10;

    private Niceness() {}

    /** For the calling thread and all that it starts from now on, processes included; without effect where the system has no such call. */
    @SuppressWarnings("restricted") // a call of the C library, of this one function
    static void giveWay() {
        Optional<MemorySegment> nice = Linker.nativeLinker().defaultLookup().find("nice");
        if (nice.isEmpty()) {
            return;
        }
        MethodHandle call = Linker.nativeLinker()
                .downcallHandle(nice.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            int _ = (int)
                    call.invokeExact(OF_WORKLOAD); // any number may be the niceness, and to be nicer is always allowed
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError("a downcall throws no checked exception", t);
        }
    }
}
