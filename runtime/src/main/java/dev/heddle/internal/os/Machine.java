package dev.heddle.internal.os;

import java.util.Map;

/** What schedulers ask about the machine again and again; a seam, so that tests can answer. */
public interface Machine {
    /** This one. */
    Machine THIS = new Machine() {
        @Override
        public int cpus() {
            return Runtime.getRuntime().availableProcessors();
        }

        @Override
        public boolean isBlocked(int threadId) {
            return ThreadState.isBlocked(threadId);
        }

        @Override
        public Map<String, Long> stopsIfAllSleep() {
            return ThreadState.stopsIfAllSleep();
        }
    };

    /** {@return how many CPUs this JVM may use now, at least 1} */
    int cpus();

    /**
     * {@return whether an OS thread waits in the kernel} See {@link ThreadState#isBlocked}.
     *
     * @param threadId from {@link CpuAffinity#currentThreadId}
     */
    boolean isBlocked(int threadId);

    /** {@return how often each other OS thread has stopped, if all sleep} See {@link ThreadState#stopsIfAllSleep}. */
    Map<String, Long> stopsIfAllSleep();
}
