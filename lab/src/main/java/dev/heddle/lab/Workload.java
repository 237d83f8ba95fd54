package dev.heddle.lab;

import dev.heddle.Heddle;
import java.util.Locale;

/**
 * Something to run under every model and compare. The same code runs in all of them: its jobs capture serializable
 * values only, and share data through channels and the results of tasks.
 *
 * <pre>{@code
 * public final class Squares implements Workload {
 *     public String describe() {
 *         return "sums the squares below N (default 1,000)";
 *     }
 *
 *     public Outcome run(Heddle h, Args args) throws Exception {
 *         long n = args.number(0, "N", 1_000);
 *         Task<Long> task = h.start(() -> LongStream.range(0, n).map(i -> i * i).sum());
 *         long sum = task.join();
 *         if (sum != (n - 1) * n * (2 * n - 1) / 6) throw new WrongResultException("the sum is wrong: " + sum);
 *         return Outcome.of("sum", sum);
 *     }
 * }
 * }</pre>
 *
 * <p>{@code ./heddle compare --class com.acme.Squares --class-path squares.jar} measures it. The class is public and
 * has a public constructor without parameters.
 *
 * <p>One instance serves all repetitions of one row of the table, always on the same thread, and the first repetitions
 * are not measured: what is needed only once, such as a reference to verify against, belongs in a field. Jobs must not
 * touch such fields, because then they would capture the workload itself. A channel given to {@link Queues#watch} is looked at while
 * the workload runs.
 */
public interface Workload {
    /** {@return the name that tables show; by default the class's simple name in lower case} */
    default String name() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** {@return one line without a full stop: what it does, and its arguments with their defaults} */
    String describe();

    /**
     * Does the work once and verifies the result. The time of this call is what is measured.
     *
     * @param h where to start tasks; open already, and closed by the caller
     * @param args the arguments from the command line
     * @return what to show beside the time
     * @throws UsageException if an argument is wrong
     * @throws WrongResultException if the result is wrong; it fails the whole comparison
     * @throws Exception if the work failed; so does this
     */
    Outcome run(Heddle h, Args args) throws Exception;
}
