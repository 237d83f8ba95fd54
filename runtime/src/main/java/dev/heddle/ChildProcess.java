package dev.heddle;

import dev.heddle.internal.ChildCore;
import org.jspecify.annotations.Nullable;

/**
 * One helper in an OS process of its own, for as long as you like, and a {@link Pipe} each way: for those who want no pool. Started
 * by {@link Heddle#process}, or by {@link HeddleBuilder#process} with options.
 *
 * <pre>{@code
 * try (ChildProcess<String, Integer> child = Heddle.process((in, out) -> {
 *     for (String line : in) out.send(line.length());
 * })) {
 *     child.send("hello");
 *     System.out.println(child.receive());
 * }
 * }</pre>
 *
 * <p>It is a JVM with this one's class path, as the workers of {@link Model#PROCESS} are: started in some tenths of a second, while
 * what is sent waits for it. When it dies, that is all that happens; whoever wants another one starts it.
 *
 * <p>One thread at a time may send, and one receive. All else may be called by any thread.
 *
 * @param <I> the type of what is sent to it
 * @param <O> the type of what it sends
 */
public sealed interface ChildProcess<I, O> extends AutoCloseable permits ChildCore {
    /**
     * Sends it an element, waiting while the pipe is full.
     *
     * @param element is copied now
     * @throws WorkerDiedException if the process has died
     * @throws ChannelClosedException if its main has ended otherwise, with what it threw as the cause, or this was closed
     * @throws NotTransferableException if the element cannot cross
     * @throws InterruptedException if interrupted while waiting; the element was not sent
     */
    void send(I element) throws InterruptedException;

    /**
     * Takes the next element that it has sent, waiting for one.
     *
     * @return the element
     * @throws WorkerDiedException if the process has died, once everything is received that it sent before
     * @throws ChannelClosedException if its main has ended otherwise, with what it threw as the cause, or this was closed
     * @throws InterruptedException if interrupted while waiting; no element is lost then
     */
    O receive() throws InterruptedException;

    /**
     * {@return what it receives from} For the forms of send that do not wait, or not for ever; to close it ends the child's input, and
     * what it sends then can still be received. A death is the cause of the {@link ChannelClosedException} here.
     */
    Sink<I> input();

    /**
     * {@return what it sends to} For the other forms of receive, and for a loop until its main has ended. A death is the cause of the
     * {@link ChannelClosedException} here.
     */
    Source<O> output();

    /** {@return its main, to wait for its end and see how that was} Cancelling it interrupts the main. */
    Task<@Nullable Void> task();

    /**
     * {@return its process id} Waits until the process runs.
     *
     * @throws IllegalStateException if it never did; the cause says why
     * @throws InterruptedException if interrupted while waiting
     */
    long pid() throws InterruptedException;

    /** Ends the process at once, whatever it is doing. */
    void kill();

    /**
     * Ends its input and drops its output, waits until its main has ended, and frees all that it held. {@link #kill} it before if it may
     * not listen. If the waiting thread is interrupted, so is the main.
     *
     * @throws TaskFailedException if it has failed, and nobody has been told so by {@link #send}, {@link #receive} or {@link #task}
     */
    @Override
    void close();
}
