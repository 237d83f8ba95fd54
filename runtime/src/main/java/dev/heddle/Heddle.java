package dev.heddle;

import dev.heddle.internal.CurrentTask;
import dev.heddle.internal.HeddleCore;
import dev.heddle.internal.Parker;
import dev.heddle.internal.TaskCore;
import dev.heddle.internal.fiber.FiberHeddle;
import dev.heddle.internal.lock.HeldLocks;
import dev.heddle.internal.lock.TimeSlicedLock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * An open instance of a concurrency {@link Model}: where tasks are started.
 *
 * <pre>{@code
 * try (Heddle h = Heddle.open(Model.GREEN)) { // or PROCESS, THREAD, FIBER: nothing below changes
 *     Channel<Integer> squares = h.channel(16);
 *     h.start(() -> {
 *         for (int i = 0; i < 10; i++) squares.send(i * i);
 *         squares.close();
 *     });
 *     for (int square : squares) System.out.println(square);
 * }
 * }</pre>
 *
 * <p>A heddle is an {@link ExecutorService}, so whatever takes an executor runs on it. All methods may be called from
 * any thread; only {@link Model#FIBER} has an owner, the thread that opened the heddle, on which all its fibers run
 * whenever the owner waits in {@link Task#join}, a channel operation, {@link #yield} or {@link #close}.
 */
public sealed interface Heddle extends ExecutorService permits HeddleCore {
    /** The largest number of processors. */
    int MOST_PROCESSORS = 1024;

    /**
     * Opens a heddle with the defaults: as many processors as the CPUs that this JVM may use.
     *
     * @param model what its tasks are made of
     * @return the open heddle; close it to wait for its tasks and free what it holds
     * @throws IllegalStateException if the model cannot work here; the message says what is missing
     */
    static Heddle open(Model model) {
        return builder(model).open();
    }

    /**
     * @param model what its tasks are made of
     * @return a builder with the defaults
     */
    static HeddleBuilder builder(Model model) {
        return new HeddleBuilder(model);
    }

    /**
     * Starts one helper process, for those who want no pool; with options by {@link HeddleBuilder#process}.
     *
     * @param main what it runs; it is copied now
     * @return the process, which is being started
     * @param <I> the type of what is sent to it
     * @param <O> the type of what it sends
     * @throws IllegalStateException if there is no memory for the pipes; the message says how much there is
     * @throws NotTransferableException if the main captures something that is not serializable
     */
    static <I, O> ChildProcess<I, O> process(ProcessMain<I, O> main) {
        return builder(Model.PROCESS).process(main);
    }

    /** {@return the model} */
    Model model();

    /** {@return the name, as threads, dumps and errors show it} */
    String name();

    /**
     * Starts a task. Tasks may start further tasks, also while {@link #close} waits for them.
     *
     * @param job what to run; under {@link Model#PROCESS} it is copied now
     * @return the task
     * @param <T> the type of the result
     * @throws RejectedExecutionException if the heddle is closed or shut down
     * @throws NotTransferableException under {@link Model#PROCESS}, if the job captures something that is not
     *     serializable
     */
    <T extends @Nullable Object> Task<T> start(Job<T> job);

    /**
     * Starts a task without a result; see {@link #start(Job)}.
     *
     * @param action what to run
     * @return the task
     */
    Task<@Nullable Void> start(Action action);

    /**
     * Starts a task with a time limit, or one that may be tried again; otherwise as {@link #start(Job)}.
     *
     * @param job what to run
     * @param options how to run it
     * @return the task
     * @param <T> the type of the result
     */
    <T extends @Nullable Object> Task<T> start(Job<T> job, TaskOptions options);

    /**
     * Starts a task without a result; see {@link #start(Job, TaskOptions)}.
     *
     * @param action what to run
     * @param options how to run it
     * @return the task
     */
    Task<@Nullable Void> start(Action action, TaskOptions options);

    /**
     * Runs jobs that belong together: starts a task for each and waits for all of them. When one fails, the others are
     * cancelled as by {@link Task#cancel cancel(true)}, and those that have not begun never do.
     *
     * <p>Whether it returns or throws, none of its tasks outlives the call: their code has ended. So code that ignores
     * interrupts keeps the caller waiting, in every model; a job that may have to be {@linkplain Task#kill killed} under
     * {@link Model#PROCESS} is one to {@link #start}. The caller is told of failures, so {@link #close} does not report
     * them; what a job throws after it was cancelled is dropped.
     *
     * <p>Tasks may call it, those of this heddle too. Called by the owner of a {@link Model#FIBER} heddle, it runs fibers
     * while it waits.
     *
     * @param jobs what to run; under {@link Model#PROCESS} each is copied
     * @return the results in the order of the jobs, empty if there are none
     * @param <T> the type of the results
     * @throws TaskFailedException if a job threw; the cause is what the first threw, as in {@link Task#join}, and what
     *     others threw before they were cancelled is suppressed
     * @throws CancellationException if no job threw, and the heddle was shut down meanwhile by {@link #shutdownNow}, or by
     *     an interrupt of {@link #close}
     * @throws RejectedExecutionException if a task is rejected, see {@link #start}; those started before are cancelled
     * @throws NotTransferableException if a job cannot be copied, see {@link #start}; tasks started before are cancelled
     * @throws InterruptedException if the calling thread is interrupted while it waits; the tasks are cancelled
     */
    <T extends @Nullable Object> List<T> all(Collection<? extends Job<? extends T>> jobs) throws InterruptedException;

    /**
     * Runs jobs of which one result is enough: starts a task for each and waits for the first that succeeds. The others are
     * then cancelled, and their failures dropped. All else is as with {@link #all}; in particular none of its tasks outlives
     * the call, so the slowest to heed the interrupt decides when it returns.
     *
     * @param jobs what to run, at least one; under {@link Model#PROCESS} each is copied
     * @return the result of the first task that succeeded
     * @param <T> the type of the result
     * @throws TaskFailedException if no job succeeded; the cause is what the first to fail threw, and what the others threw
     *     is suppressed
     * @throws CancellationException if the heddle was shut down before any job succeeded or failed, see {@link #all}
     * @throws IllegalArgumentException if there are no jobs
     * @throws RejectedExecutionException if a task is rejected, see {@link #all}
     * @throws NotTransferableException if a job cannot be copied, see {@link #all}
     * @throws InterruptedException if the calling thread is interrupted while it waits; the tasks are cancelled
     */
    <T extends @Nullable Object> T race(Collection<? extends Job<? extends T>> jobs) throws InterruptedException;

    /**
     * Makes a result of each input, in tasks, one for each input; see {@link #map(Iterable, Mapper, int, TaskOptions)}.
     *
     * <pre>{@code
     * try (Results<Digest> digests = h.map(files, file -> sha256(file))) {
     *     for (Digest digest : digests) System.out.println(digest);
     * }
     * }</pre>
     *
     * @param inputs the inputs, which may be without end
     * @param mapper what to do with each
     * @return the results; close them unless all were taken
     * @param <I> the type of the inputs
     * @param <R> the type of the results
     */
    default <I extends @Nullable Object, R extends @Nullable Object> Results<R> map(
            Iterable<? extends I> inputs, Mapper<? super I, ? extends R> mapper) {
        return map(inputs, mapper, 1);
    }

    /**
     * Makes a result of each input, in tasks for several inputs each; see {@link #map(Iterable, Mapper, int, TaskOptions)}.
     *
     * @param inputs the inputs, which may be without end
     * @param mapper what to do with each
     * @param chunkSize how many inputs a task has
     * @return the results; close them unless all were taken
     * @param <I> the type of the inputs
     * @param <R> the type of the results
     */
    default <I extends @Nullable Object, R extends @Nullable Object> Results<R> map(
            Iterable<? extends I> inputs, Mapper<? super I, ? extends R> mapper, int chunkSize) {
        return map(inputs, mapper, chunkSize, TaskOptions.DEFAULT);
    }

    /**
     * Makes a result of each input. The results come in the order of the inputs, each as soon as it and those before it are
     * there. The first failure ends it, and names the input.
     *
     * <p>A task calls the mapper for {@code chunkSize} inputs, one after the other. Where the mapper takes less time than a task
     * costs (tens of microseconds under {@link Model#PROCESS} and {@link Model#THREAD}), hundreds of inputs in a task are many
     * times as fast as one; where it takes long or waits, 1 is best.
     *
     * <p>Inputs are taken and tasks started by whoever takes the results, at this call and whenever a result is asked for: as
     * many tasks as four for each processor, at least 16, are ahead of the results that were taken, and no more. So a consumer
     * that is slow, or has gone, lets nothing pile up. Closing the results cancels what is ahead and waits for its code.
     *
     * @param inputs the inputs, which may be without end; their iterator is used by whoever takes the results
     * @param mapper what to do with each; under {@link Model#PROCESS} it and the inputs are copied
     * @param chunkSize how many inputs a task has
     * @param options how to run each of the tasks; a time limit is that of a chunk, and retries repeat a chunk
     * @return the results; close them unless all were taken
     * @param <I> the type of the inputs
     * @param <R> the type of the results
     * @throws IllegalArgumentException if {@code chunkSize} is less than 1
     */
    <I extends @Nullable Object, R extends @Nullable Object> Results<R> map(
            Iterable<? extends I> inputs, Mapper<? super I, ? extends R> mapper, int chunkSize, TaskOptions options);

    @Override
    <T> Task<T> submit(Callable<T> job);

    @Override
    Task<?> submit(Runnable job);

    @Override
    <T> Task<T> submit(Runnable job, T result);

    /**
     * Makes a channel for the tasks of this heddle and anyone else in this JVM.
     *
     * @param capacity how many elements fit before a sender waits; 0 makes every send wait for its receiver
     * @return an open channel
     * @param <E> the type of its elements; under {@link Model#PROCESS} they must be serializable
     * @throws IllegalArgumentException if the capacity is negative
     */
    default <E> Channel<E> channel(int capacity) {
        return channel(capacity, Overflow.BLOCK);
    }

    /**
     * Makes a channel that does not always have its senders wait; see {@link #channel(int)}.
     *
     * @param capacity how many elements fit
     * @param overflow what a send does that finds no room
     * @return an open channel
     * @param <E> the type of its elements
     * @throws IllegalArgumentException if the capacity is negative, or 0 and elements are to be dropped or refused: there a
     *     send has no room but that of a receiver who waits
     */
    <E> Channel<E> channel(int capacity, Overflow overflow);

    /**
     * Makes a broadcast for the tasks of this heddle and anyone else in this JVM: a channel whose every subscriber gets every
     * element. Its senders wait for the slowest subscriber.
     *
     * @param capacity how many elements a subscription has room for
     * @return an open broadcast without subscribers
     * @param <E> the type of its elements; under {@link Model#PROCESS} they must be serializable
     * @throws IllegalArgumentException if the capacity is less than 1
     */
    default <E> Broadcast<E> broadcast(int capacity) {
        return broadcast(capacity, Overflow.BLOCK);
    }

    /**
     * Makes a broadcast that does not wait for slow subscribers; see {@link #broadcast(int)}.
     *
     * @param capacity how many elements a subscription has room for
     * @param overflow what a send does with a subscription that has no room
     * @return an open broadcast without subscribers
     * @param <E> the type of its elements
     * @throws IllegalArgumentException if the capacity is less than 1
     */
    <E> Broadcast<E> broadcast(int capacity, Overflow overflow);

    /**
     * Makes a pipe: a channel between two, which under {@link Model#PROCESS} carries many times as much as {@link #channel}. It is
     * there until the heddle closes, so make it for as long as that.
     *
     * @return an open pipe
     * @param <E> the type of its elements; under {@link Model#PROCESS} they must be serializable
     * @throws IllegalStateException under {@link Model#PROCESS}, if there is no memory for it
     * @throws RejectedExecutionException under {@link Model#PROCESS}, if the heddle has been closed
     */
    <E> Pipe<E> pipe();

    /**
     * Makes memory outside of the heap that all tasks of this heddle share, under {@link Model#PROCESS} too; a job that captures
     * it gets no copy. It is there until the heddle closes.
     *
     * @param bytes how many, from 1; they begin as zeros
     * @return the memory
     * @throws IllegalStateException if there is not so much memory; the message says how much there is
     * @throws RejectedExecutionException if the heddle has been closed
     */
    SharedMemory sharedMemory(long bytes);

    /**
     * Makes an array of ints in {@link #sharedMemory}.
     *
     * @param length how many elements, from 1
     * @return the array, of zeros
     */
    SharedInts sharedInts(long length);

    /**
     * Makes an array of longs in {@link #sharedMemory}.
     *
     * @param length how many elements, from 1
     * @return the array, of zeros
     */
    SharedLongs sharedLongs(long length);

    /**
     * Makes an array of doubles in {@link #sharedMemory}.
     *
     * @param length how many elements, from 1
     * @return the array, of zeros
     */
    SharedDoubles sharedDoubles(long length);

    /**
     * Makes a lock for the tasks of this heddle, in whichever processes they run, and anyone else in this JVM.
     *
     * @return an unlocked mutex
     */
    Mutex mutex();

    /**
     * Makes a semaphore for the tasks of this heddle, in whichever processes they run, and anyone else in this JVM.
     *
     * @param permits how many permits there are
     * @return the semaphore; nobody holds a permit
     * @throws IllegalArgumentException if that is less than 1
     */
    Semaphore semaphore(int permits);

    /**
     * {@return how many of the tasks may execute at the same instant} Under {@link Model#PROCESS} the number of workers,
     * under {@link Model#THREAD} the number of CPUs that the threads are confined to, under {@link Model#FIBER} always
     * 1. As GOMAXPROCS: tasks that wait do not count. Under {@link Model#PROCESS} that is said of tasks that wait in a
     * channel: while tasks are queued, each of those makes room for a spare worker, of which there are 16 at most.
     */
    int processors();

    /**
     * Changes the number of processors while tasks run. Nothing is stopped for it: where the number goes down, tasks
     * that execute give up their place at their next switch. Under {@link Model#FIBER} the number stays 1.
     *
     * @param n the new number, from 1 to {@link #MOST_PROCESSORS}
     * @return the previous number
     * @throws IllegalArgumentException if {@code n} is out of range
     */
    int processors(int n);

    /**
     * Lets the number of processors follow the number of CPUs that this JVM may use, which a container can change while it
     * runs, until it is set by hand; so it does from the beginning where {@link HeddleBuilder#processors} was not called. The
     * heddle looks about once a second while it has work.
     *
     * @return the previous number
     */
    int processorsAuto();

    /** {@return a picture of what the heddle is doing} */
    Stats stats();

    /**
     * Describes the heddle for somebody who wonders why it stands still: the carriers and what they execute, each live task with
     * why it waits and its stack, tasks that join each other in a circle, and tasks that nothing can wake any more, since what
     * they wait for is known to nobody else. Tasks that do the same at the same place share an entry.
     *
     * <p>It takes time in proportion to the number of tasks, and, if some wait without a limit in a join or a channel, two
     * full garbage collections.
     *
     * @return text of many lines, made for people
     */
    String dump();

    /**
     * Waits until all tasks have ended, those included that they start meanwhile, and frees everything the heddle holds:
     * carriers, workers, shared memory. Called by the owner of a {@link Model#FIBER} heddle it runs the fibers. If the
     * waiting thread is interrupted, all tasks are cancelled first, as {@link ExecutorService#close} does.
     *
     * @throws TaskFailedException if tasks failed and nobody looked at it; everything has been freed even so
     * @throws IllegalStateException if called by a task of this heddle, which would wait for itself, or, for
     *     {@link Model#FIBER}, by a thread that is not the owner
     */
    @Override
    void close();

    /**
     * Lets another runnable task of the current task's heddle run first. On the owner's thread of {@link Model#FIBER}
     * heddles it lets each runnable fiber run once. Elsewhere it is {@link Thread#yield}.
     */
    static void yield() {
        CurrentTask.yield();
    }

    /**
     * A point at which the current thread may let another have the {@linkplain GlobalLock global locks} that it holds, also that of
     * its heddle: it does if one has waited for the interval. Long loops of tasks under such a lock want some. Elsewhere, and as long as
     * nobody waits, it costs as much as reading a field.
     *
     * <p>Code that has none gets some from the agent, {@code -javaagent:heddle.jar=com.acme.*}: in the loops and methods of the classes
     * that are named there.
     */
    static void checkpoint() {
        if (TimeSlicedLock.anyRequested()) {
            HeldLocks.checkpoint();
        }
    }

    /**
     * Waits, as {@link Thread#sleep(Duration)} does, but as tasks wait in Heddle: without the global locks that the thread holds, and,
     * on the owner's thread of {@link Model#FIBER} heddles, with the fibers going on.
     *
     * @param time how long; zero or less does not wait
     * @throws InterruptedException if interrupted
     */
    static void sleep(Duration time) throws InterruptedException {
        Parker.sleep(Parker.nanos(time));
    }

    /**
     * Lets one fiber run next, where {@link #yield} lets whoever is first: an explicit switch. The caller, which is another fiber
     * or their owner, goes to the end of the queue, and the others keep their order. So the owner gets control back when every
     * runnable fiber has run once, this one first.
     *
     * @param task a fiber of the same owner; it need not have begun
     * @return whether it runs next; false if it waits for something, has ended, or is the caller, and then this is a yield
     * @throws IllegalArgumentException if the task is of another model than {@link Model#FIBER}
     * @throws IllegalStateException if the caller is neither a fiber of the same owner nor the owner
     */
    static boolean switchTo(Task<?> task) {
        return FiberHeddle.switchTo((TaskCore<?>) task);
    }

    /**
     * Calls code that will block its OS thread (a native call, a file), leaving the processor to other tasks for the
     * duration, and the {@linkplain GlobalLock global locks} that the thread holds: what Go and CPython do around a system
     * call. Under {@link Model#THREAD} and {@link Model#PROCESS}, and outside of any task, it is a plain call but for such
     * locks. Under {@link Model#FIBER} another thread makes the call while the fiber waits, so code that depends on
     * thread-locals does not belong in it, unless the fibers are OS threads.
     *
     * @param work the code
     * @return its result
     * @param <T> the type of the result
     * @throws Exception what the code throws
     */
    static <T extends @Nullable Object> T blocking(Callable<T> work) throws Exception {
        return CurrentTask.blocking(work);
    }
}
