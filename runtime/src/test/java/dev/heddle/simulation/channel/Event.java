package dev.heddle.simulation.channel;

import dev.heddle.simulation.channel.Program.Result;

/** What can be seen of a run. */
sealed interface Event {
    /** A thread begins its next operation. */
    record Call(int thread, int index) implements Event {}

    /** A thread, in its operation, waits for others. */
    record Wait(int thread, int index) implements Event {}

    /** A thread's operation has ended. */
    record Return(int thread, int index, Result result) implements Event {}

    /** A thread has ended. */
    record End(int thread, boolean interrupted) implements Event {}

    /** Nobody can go on, before time passes at least. */
    record Rest() implements Event {}
}
