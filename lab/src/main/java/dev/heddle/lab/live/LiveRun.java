package dev.heddle.lab.live;

import dev.heddle.ChannelClosedException;
import dev.heddle.ChildProcess;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.TaskFailedException;
import dev.heddle.WorkerDiedException;
import dev.heddle.lab.measure.Jvm;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The workload of the live page, in a process of its own, so that the page does not disturb it. As that process is a
 * {@link ChildProcess}, it does not outlive this one, however this one ends.
 *
 * <p>Any thread may move controls; one reads states.
 */
public final class LiveRun implements AutoCloseable {
    private final ChildProcess<String, String> child;

    /** Held while sending to the child, which one thread at a time may. */
    private final ReentrantLock sending = new ReentrantLock();

    private LiveRun(ChildProcess<String, String> child) {
        this.child = child;
    }

    /** {@return a workload that begins in some tenths of a second} */
    public static LiveRun start() {
        return new LiveRun(Heddle.builder(Model.PROCESS)
                .name("live")
                .workerJvmFlags(Jvm.flagsPassedOn().toArray(String[]::new))
                .process(LiveChild::run));
    }

    /**
     * Moves a control; the states that come tell its effect.
     *
     * @param line such as {@code processors 2}
     * @throws IllegalArgumentException if that is no control; the message is a sentence that says what would be one
     */
    public void control(String line) {
        Control.parse(line);
        sending.lock();
        try {
            child.send(line);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (WorkerDiedException | ChannelClosedException e) {
            throw new IllegalArgumentException("the workload has ended: " + e.getMessage(), e);
        } finally {
            sending.unlock();
        }
    }

    /**
     * Waits for the next state.
     *
     * @return a line of JSON
     * @throws WorkerDiedException if the workload's process has died
     * @throws ChannelClosedException if the workload has ended otherwise
     * @throws InterruptedException if the calling thread was interrupted
     */
    public String next() throws InterruptedException {
        return child.receive();
    }

    /** {@return the process id of the workload, once it runs} */
    public long pid() throws InterruptedException {
        return child.pid();
    }

    /** Ends the workload at once, whatever it does. */
    @Override
    public void close() {
        child.kill();
        try {
            child.close();
        } catch (TaskFailedException e) {
            return; // it was killed
        }
    }
}
