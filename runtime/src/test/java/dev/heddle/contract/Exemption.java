package dev.heddle.contract;

import dev.heddle.Model;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where a model, or a backing of fibers, is exempt from a behaviour, and why. Nothing is skipped for it: the test of the behaviour asks
 * {@link ContractTest#exempt} and asserts what an exempt one does instead, so an exemption that is no longer true
 * fails.
 */
enum Exemption {
    NOT_SEEN_BY_THE_OS(
            "The operating system sees carriers, on which the heddle schedules its tasks.",
            EnumSet.of(Subject.GREEN, Subject.FIBER)),

    SHARED_MEMORY("All tasks live in this JVM.", Model.THREAD, Model.GREEN, Model.FIBER),

    ONE_AT_A_TIME("Fibers take turns with their owner's thread, and one of them runs at a time.", Model.FIBER),

    CO_OPERATIVE("A fiber runs until it yields or waits; that is what spares shared data a lock.", Model.FIBER),

    CRASHES_TOGETHER(
            "What ends the JVM ends all that lives in it, the program included.",
            Model.THREAD,
            Model.GREEN,
            Model.FIBER),

    ALWAYS_ONE_PROCESSOR("Two processors would let two fibers run at once.", Model.FIBER),

    KILL_ONLY_INTERRUPTS(
            "A JVM has no way to stop code that does not listen, so kill() interrupts it.",
            Model.THREAD,
            Model.GREEN,
            Model.FIBER),

    BEGINS_AT_ONCE(
            "A task does not stay queued behind a busy one: the operating system runs its thread, or a handoff frees"
                    + " the processor.",
            Model.THREAD,
            Model.GREEN),

    HANDLES_STAY_AT_HOME(
            "A heddle and its tasks belong to the JVM that made them: a job in another process can only reach"
                    + " channels, pipes, shared memory, mutexes and semaphores.",
            Model.PROCESS),

    JOBS_MUST_BE_SERIALIZABLE(
            "A job crosses to another process, which the JDK's own wrappers of jobs cannot.", Model.PROCESS),

    ONE_TASK_PER_WORKER(
            "A task has its worker to itself until it ends, so that killing the worker ends only that task. One that"
                    + " waits in a channel makes room for another worker; what else it does is not seen from outside.",
            Model.PROCESS),

    OWNED_BY_A_THREAD("Only the owner can run the fibers that close() waits for.", Model.FIBER);

    private final String reason;

    @SuppressWarnings("ImmutableEnumChecker") // never changed; the JDK has no type that says so
    private final Set<Subject> subjects;

    Exemption(String reason, Model first, Model... others) {
        this(
                reason,
                Arrays.stream(Subject.values())
                        .filter(subject -> EnumSet.of(first, others).contains(subject.model))
                        .collect(Collectors.toUnmodifiableSet()));
    }

    Exemption(String reason, Set<Subject> subjects) {
        this.reason = reason;
        this.subjects = subjects;
    }

    /** {@return why, in a sentence} */
    String reason() {
        return reason;
    }

    /** {@return who is exempt} */
    Set<Subject> subjects() {
        return subjects;
    }
}
