package dev.heddle;

import java.io.Serializable;

/**
 * What a {@link ChildProcess} runs. Serializable, since it crosses to another process with all that it captures.
 *
 * @param <I> the type of what it is sent
 * @param <O> the type of what it sends
 */
@FunctionalInterface
public interface ProcessMain<I, O> extends Serializable {
    /**
     * Runs, in the child process, on its main thread. When it returns, the process ends.
     *
     * @param in what the owner sends; ends when the owner closes
     * @param out what the owner receives
     * @throws Exception any failure, which the owner gets; not the {@link ChannelClosedException} of an operation after the owner
     *     has closed, which is as good an end as a return
     */
    void run(Source<I> in, Sink<O> out) throws Exception;
}
