package dev.heddle.internal.permit;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the calling thread holds of permits of any heddle: so that it can give back only what it has, and that what it still has
 * at its end is given back for it.
 *
 * <p>Only the thread itself reads and writes it, and only the thread refers to it: a task that holds a mutex is no more
 * reachable for that.
 */
public final class Holdings {
    private static final ThreadLocal<@Nullable Map<Permits, Integer>> OF_THREAD = new ThreadLocal<>();

    /** Whether any permits were ever acquired in this JVM: if not, the end of a task has nothing to look for. */
    private static volatile boolean used;

    private Holdings() {}

    /** {@return how many of the permits the calling thread holds} */
    static int of(Permits permits) {
        Map<Permits, Integer> mine = used ? OF_THREAD.get() : null;
        return mine == null ? 0 : mine.getOrDefault(permits, 0);
    }

    /** The calling thread has got permits. */
    static void add(Permits permits, int n) {
        used = true;
        Map<Permits, Integer> mine = OF_THREAD.get();
        if (mine == null) {
            mine = new HashMap<>();
            OF_THREAD.set(mine);
        }
        mine.merge(permits, n, Integer::sum);
    }

    /** The calling thread gives back permits, which it has. */
    static void remove(Permits permits, int n) {
        Map<Permits, Integer> mine = OF_THREAD.get();
        if (mine != null) {
            mine.computeIfPresent(permits, (p, had) -> had > n ? had - n : null);
        }
    }

    /** The task of the calling thread ends: what it holds is given back, as that of one that has died. */
    public static void abandon() {
        if (!used) {
            return;
        }
        Map<Permits, Integer> mine = OF_THREAD.get();
        if (mine != null) {
            OF_THREAD.remove();
            mine.forEach(Permits::abandon);
        }
    }
}
