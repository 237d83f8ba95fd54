package dev.heddle;

/** How a task came by a {@link Mutex} or by permits of a {@link Semaphore}. */
public enum Acquired {
    /** It holds them, and whoever held them before has let them go. */
    CLEANLY,

    /**
     * It holds them, and somebody has died holding them: what they guard may be half changed, so look at it and repair it. Told
     * once, to the next task that acquires.
     */
    AFTER_DEATH,

    /** It does not hold them: they were not to be had in time. */
    NOT;

    /** {@return whether the task holds them now} */
    public boolean isHeld() {
        return this != NOT;
    }
}
