/**
 * One API over four models of concurrency: OS processes, OS threads, green threads and fibers.
 *
 * <p>Start at {@link dev.heddle.Heddle}. A {@link dev.heddle.Job} is started as a {@link dev.heddle.Task}; tasks share
 * data through a {@link dev.heddle.Channel}, or have it in {@link dev.heddle.SharedMemory}.
 *
 * <h2>Memory consistency</h2>
 *
 * <p>Actions before the first of each pair <em>happen-before</em> actions after the second (JLS 17.4.5); under
 * {@link dev.heddle.Model#PROCESS} nothing but shared memory is shared, and "see" means that the copy was taken after them.
 *
 * <table>
 * <caption>What happens before what</caption>
 * <tr><th>first</th><th>second</th></tr>
 * <tr><td>{@code start} of a task</td><td>its job begins</td></tr>
 * <tr><td>the end of a job</td><td>{@code join} or {@code get} of its task returns, {@code close} of its heddle returns</td></tr>
 * <tr><td>an input of a {@code map} is taken from its iterator</td><td>the mapper is called with it</td></tr>
 * <tr><td>the mapper returns</td><td>its result is taken</td></tr>
 * <tr><td>{@code send} of an element</td><td>the {@code receive} that takes it returns</td></tr>
 * <tr><td>{@code close} of a channel</td><td>a receive or send that reports it closed</td></tr>
 * <tr><td>the n-th {@code receive} from a channel of capacity c</td><td>the (n+c)-th {@code send} to it returns</td></tr>
 * <tr><td>{@code unlock} of a mutex, {@code release} of permits, or the death of the holder</td><td>the {@code lock} or
 *     {@code acquire} that gets it returns, also where data is in shared memory and they are in different processes</td></tr>
 * <tr><td>the end of a {@code hold} of a global lock, or that its holder leaves it at a checkpoint, to wait or to block</td><td>the
 *     next hold of it begins; likewise between the tasks of a heddle with a global lock</td></tr>
 * <tr><td>{@code setRelease} of an element of a shared array</td><td>the {@code getAcquire} that reads that value</td></tr>
 * </table>
 */
package dev.heddle;
