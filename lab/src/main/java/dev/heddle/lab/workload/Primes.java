package dev.heddle.lab.workload;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.UsageException;
import dev.heddle.lab.Workload;
import dev.heddle.lab.WrongResultException;
import java.util.ArrayList;
import java.util.List;

/** CPU-bound work that shares next to nothing: as many processors, as many times faster. */
public final class Primes implements Workload {
    private static final long DEFAULT_N = 10_000_000;

    /** Trial division multiplies ints, and more would take minutes in any case. */
    private static final long LARGEST_N = 2_000_000_000;

    private static final int CHUNKS = 24;

    private int verifiedN = -1;
    private long expected;

    @Override
    public String describe() {
        return "counts the primes below N by trial division: CPU-bound (N: 10,000,000)";
    }

    @Override
    public Outcome run(Heddle h, Args args) throws Exception {
        args.requireAtMost(1);
        long asked = args.number(0, "N", DEFAULT_N);
        if (asked > LARGEST_N) {
            throw new UsageException("N must be at most 2,000,000,000, and is " + asked);
        }
        int n = (int) asked;
        Channel<Integer> chunks = h.channel(CHUNKS); // takes all of them, so that sending never waits
        for (int chunk = CHUNKS - 1;
                chunk >= 0;
                chunk--) { // the dearest first, so that all end at nearly the same time
            chunks.send(chunk);
        }
        chunks.close();
        List<Task<Long>> tasks = new ArrayList<>();
        for (int i = 0; i < h.processors(); i++) {
            tasks.add(h.start(() -> countChunks(n, chunks)));
        }
        long count = 0;
        for (long part : Tasks.joinAll(tasks)) {
            count += part;
        }
        verify(n, count);
        return Outcome.of("primes", count);
    }

    private static long countChunks(int n, Channel<Integer> chunks) {
        int[] divisors = oddPrimesUpTo((int) Math.sqrt(n));
        long count = 0;
        for (int chunk : chunks) {
            count += countPrimes((int) ((long) n * chunk / CHUNKS), (int) ((long) n * (chunk + 1) / CHUNKS), divisors);
        }
        return count;
    }

    private static long countPrimes(int from, int to, int[] divisors) {
        long count = from <= 2 && to > 2 ? 1 : 0;
        for (int candidate = Math.max(3, from | 1); candidate < to; candidate += 2) {
            if (isPrime(candidate, divisors)) {
                count++;
            }
        }
        return count;
    }

    private static boolean isPrime(int odd, int[] divisors) {
        for (int divisor : divisors) {
            if ((long) divisor * divisor > odd) {
                return true;
            }
            if (odd % divisor == 0) {
                return false;
            }
        }
        return true;
    }

    private static int[] oddPrimesUpTo(int limit) {
        int[] primes = new int[limit / 2 + 1];
        int size = 0;
        for (int odd = 3; odd <= limit; odd += 2) {
            boolean prime = true;
            for (int i = 0; i < size && primes[i] * primes[i] <= odd; i++) {
                if (odd % primes[i] == 0) {
                    prime = false;
                    break;
                }
            }
            if (prime) {
                primes[size++] = odd;
            }
        }
        return java.util.Arrays.copyOf(primes, size);
    }

    private void verify(int n, long count) {
        if (verifiedN != n) {
            expected = primesBelow(n);
            verifiedN = n;
        }
        if (count != expected) {
            throw new WrongResultException(
                    "there are " + expected + " primes below " + n + ", and " + count + " were counted");
        }
    }

    /**
     * Counts primes without finding any: the number of integers up to v that survive sieving by the primes below p is
     * computed from that of the prime before, for the 2 sqrt(n) values v = n / k that matter (Legendre's recurrence).
     *
     * @param n at least 1
     * @return how many primes are less than {@code n}
     */
    static long primesBelow(int n) {
        int last = n - 1;
        if (last < 2) {
            return 0;
        }
        int root = (int) Math.sqrt(last);
        long[] small = new long[root + 1]; // small[v]: survivors up to v
        long[] large = new long[root + 1]; // large[k]: survivors up to last / k
        for (int i = 1; i <= root; i++) {
            small[i] = i - 1L;
            large[i] = last / i - 1L;
        }
        for (int p = 2; p <= root; p++) {
            if (small[p] == small[p - 1]) {
                continue; // p is no prime
            }
            long before = small[p - 1];
            long square = (long) p * p;
            for (int k = 1; k <= root && last / k >= square; k++) {
                long inner = (long) k * p;
                large[k] -= (inner <= root ? large[(int) inner] : small[(int) (last / inner)]) - before;
            }
            for (int v = root; v >= square; v--) {
                small[v] -= small[v / p] - before;
            }
        }
        return large[1];
    }
}
