package dev.heddle.internal.os;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * System calls of Linux, by the numbers of its processor architectures, through {@code syscall(2)}: to link a function of one more
 * form takes the JVM tens of milliseconds, and this one takes any call.
 */
enum SystemCall {
    CLOSE(3, 57),
    FALLOCATE(285, 47),
    FCHMOD(91, 52),
    FCNTL(72, 25),
    FUTEX(202, 98),
    MEMFD_CREATE(319, 279);

    private static final @Nullable MethodHandle SYSCALL = LinuxFunctions.find(
            "syscall",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG, // number
                    ValueLayout.JAVA_LONG, // arguments
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1));

    private final long number;

    SystemCall(int onAmd64, int onAarch64) {
        this.number = switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> onAmd64;
            case "aarch64" -> onAarch64;
            default -> -1;
        };
    }

    /** {@return whether it can be called here, though the kernel may refuse it} */
    boolean isKnown() {
        return SYSCALL != null && number >= 0;
    }

    /**
     * Calls it. An argument may be an address, of memory that stays until the call returns.
     *
     * @return what the kernel returns; -1 if it refuses
     * @throws UnsupportedOperationException if it is not {@linkplain #isKnown known}
     */
    long call(long a, long b, long c, long d) {
        MethodHandle syscall = SYSCALL;
        if (syscall == null || number < 0) {
            throw new UnsupportedOperationException("there is no " + this + " on this system");
        }
        try {
            return (long) syscall.invokeExact(number, a, b, c, d);
        } catch (Throwable t) {
            throw new AssertionError("a native call threw", t); // invokeExact declares what a C function cannot throw
        }
    }
}
