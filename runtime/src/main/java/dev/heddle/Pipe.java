package dev.heddle;

import dev.heddle.internal.channel.AbstractPipe;
import java.io.Serializable;

/**
 * A channel between two: one sends, one receives. Made by {@link Heddle#pipe}; a job that captures it gets the same pipe. Whoever
 * is to have one end only is given it as a {@link Sink} or a {@link Source}.
 *
 * <p>Under {@link Model#PROCESS} it is memory that the two processes share, so an element costs no request to the process of the
 * heddle: many times what a {@link Channel} carries, between workers too. In the other models it is a channel.
 *
 * <p>Elements come in the order in which they were sent. There is room for some, then a send waits; how many is up to the model:
 * as many as take 64 KiB under PROCESS, 256 in the others. A larger element crosses in pieces, so it can be sent only by a form that
 * waits.
 *
 * <p>An end is used by one thread at a time; a second one gets an {@link IllegalStateException}, and the first does not notice. One
 * after the other may use it: another thread, another task, another worker.
 *
 * <p>When a worker dies whose task was the last to use an end, the pipe is closed, with a {@link WorkerDiedException} as the cause:
 * who receives gets what was sent before, and then that. A task that has returned or failed leaves the pipe open.
 *
 * <p>It cannot be part of a {@link Select}, in no model.
 *
 * @param <E> the type of the elements; under {@link Model#PROCESS} they must be serializable
 */
public sealed interface Pipe<E> extends Source<E>, Sink<E>, Serializable permits AbstractPipe {
    /** {@return whether the pipe has been closed; elements may be left to receive} */
    boolean isClosed();
}
