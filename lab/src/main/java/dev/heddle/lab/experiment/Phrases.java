package dev.heddle.lab.experiment;

import java.util.List;

/** Lists and words of computed sentences. */
final class Phrases {
    private Phrases() {}

    /** {@return "A", "A and B", "A, B and C"} */
    static String list(List<String> items) {
        return switch (items.size()) {
            case 0 -> "none";
            case 1 -> items.getFirst();
            default -> String.join(", ", items.subList(0, items.size() - 1)) + " and " + items.getLast();
        };
    }

    /** {@return the noun with its number, which adds an s unless it is 1} */
    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
