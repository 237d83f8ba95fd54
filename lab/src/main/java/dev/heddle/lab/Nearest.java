package dev.heddle.lab;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds what somebody who mistyped a word may have meant. */
final class Nearest {
    private Nearest() {}

    /** {@return " Did you mean ...?", or nothing if no candidate is near} */
    static String hint(String word, Collection<String> candidates) {
        String wanted = word.toLowerCase(Locale.ROOT);
        return candidates.stream()
                .min(Comparator.comparingInt(candidate -> distance(wanted, candidate.toLowerCase(Locale.ROOT))))
                .filter(nearest ->
                        distance(wanted, nearest.toLowerCase(Locale.ROOT)) <= Math.max(2, wanted.length() / 2))
                .map(nearest -> " Did you mean " + nearest + "?")
                .orElse("");
    }

    /** How many letters have to be inserted, removed or replaced to make one word of the other. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
