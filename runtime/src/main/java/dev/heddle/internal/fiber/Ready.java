package dev.heddle.internal.fiber;

import org.jspecify.annotations.Nullable;

/**
 * A fiber that can go on.
 *
 * @param of its heddle; null in the mark that {@link FiberLoop#yield} leaves
 * @param thread the fiber; or the mark
 * @param run has it go on until it switches
 */
record Ready(@Nullable FiberHeddle of, Object thread, Runnable run) {}
