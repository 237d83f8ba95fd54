package dev.heddle.internal.os;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** Ends this process at once. */
public final class OwnProcess {
    private static final int SIGKILL = 9;

    private OwnProcess() {}

    /**
     * Ends this process whatever its threads are doing. {@link Runtime#halt} alone would wait for compilations to end
     * (seconds, on a busy machine), for threads in native code, and for all others to come to a safepoint.
     *
     * @param exitCode for systems that have no {@code kill(2)}
     */
    @SuppressWarnings("restricted") // native access is what this class is for
    public static void end(int exitCode) {
        try {
            Linker linker = Linker.nativeLinker();
            Optional<MemorySegment> kill = linker.defaultLookup().find("kill");
            if (kill.isPresent()) {
                FunctionDescriptor type =
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
                int pid = (int) ProcessHandle.current().pid();
                int result = (int) linker.downcallHandle(kill.get(), type).invokeExact(pid, SIGKILL);
                System.err.println("heddle: kill(2) of process " + pid + " itself returned " + result);
            }
        } catch (Throwable t) { // the other way is tried, and why this one failed may be of interest
            System.err.println("heddle: kill(2) cannot be called: " + t);
        } finally {
            Runtime.getRuntime().halt(exitCode);
        }
    }
}
