package dev.heddle.internal;

import dev.heddle.Action;
import dev.heddle.Channel;
import dev.heddle.ChannelClosedException;
import dev.heddle.ChildProcess;
import dev.heddle.Pipe;
import dev.heddle.ProcessMain;
import dev.heddle.Sink;
import dev.heddle.Source;
import dev.heddle.Task;
import dev.heddle.WorkerDiedException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A heddle of its own, with one worker and one task, and two pipes, which are closed when the task has ended.
 *
 * @param <I> the type of what is sent
 * @param <O> the type of what is received
 */
public final class ChildCore<I, O> implements ChildProcess<I, O> {
    private final HeddleCore heddle;
    private final Pipe<I> input;
    private final Pipe<O> output;
    private final Channel<Long> pids;
    private final TaskCore<@Nullable Void> task;

    private final ReentrantLock lock = new ReentrantLock();

    /** 0 as long as it was not asked for. Guarded by lock. */
    private long pid;

    /**
     * @param heddle of the PROCESS model, for this alone, which starts no worker before it has a task
     * @param main what to run
     */
    public ChildCore(HeddleCore heddle, ProcessMain<I, O> main) {
        this.heddle = heddle;
        try {
            this.input = heddle.pipe();
            this.output = heddle.pipe();
            this.pids = heddle.channel(1);
            this.task = (TaskCore<@Nullable Void>) heddle.start(new Main<>(main, input, output, pids));
        } catch (Throwable t) {
            heddle.close();
            throw t;
        }
        task.whenDone(this::ended);
        heddle.shutdown(); // it frees itself when the task has ended
    }

    private record Main<I, O>(ProcessMain<I, O> main, Pipe<I> in, Pipe<O> out, Channel<Long> pids) implements Action {
        @Override
        public void run() throws Exception {
            pids.send(ProcessHandle.current().pid());
            try {
                main.run(in, out);
            } catch (ChannelClosedException e) {
                if (!in.isClosed()) {
                    throw e;
                }
            }
        }
    }

    private void ended() {
        Throwable failure = task.failureOrNull();
        input.close(failure);
        output.close(failure);
        pids.close(failure);
    }

    @Override
    public void send(I element) throws InterruptedException {
        try {
            input.send(element);
        } catch (ChannelClosedException e) {
            throw told(e);
        }
    }

    @Override
    public O receive() throws InterruptedException {
        try {
            return output.receive();
        } catch (ChannelClosedException e) {
            throw told(e);
        }
    }

    private RuntimeException told(ChannelClosedException e) {
        task.observe();
        if (!(e.getCause() instanceof WorkerDiedException death)) {
            return e;
        }
        WorkerDiedException here = new WorkerDiedException( // with the stack of who is told
                String.valueOf(death.getMessage()),
                death.pid(),
                death.exitCode(),
                death.taskId(),
                death.lastLines(),
                death.crashReport().orElse(null));
        here.initCause(e);
        return here;
    }

    @Override
    public Sink<I> input() {
        return input;
    }

    @Override
    public Source<O> output() {
        return output;
    }

    @Override
    public Task<@Nullable Void> task() {
        return task;
    }

    @Override
    public long pid() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (pid == 0) {
                pid = pids.receive();
            }
            return pid;
        } catch (ChannelClosedException e) {
            task.observe();
            throw new IllegalStateException("the process has never run: " + e.getCause(), e.getCause());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void kill() {
        task.kill();
    }

    @Override
    public void close() {
        input.close();
        output.close();
        heddle.close();
    }

    @Override
    public String toString() {
        return "child process of heddle " + heddle.name();
    }
}
