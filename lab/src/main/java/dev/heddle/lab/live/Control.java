package dev.heddle.lab.live;

import dev.heddle.Heddle;
import dev.heddle.Model;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A control that is moved while the workload runs: a line such as {@code processors 2}.
 *
 * @param verb which
 * @param value to what, within the verb's bounds; the place of a word among the verb's words; 0 where there is nothing to say
 */
record Control(Verb verb, int value) {
    /** Which control. */
    enum Verb {
        /** Opens another heddle, of this {@link Model}. */
        MODEL(Arrays.stream(Model.values()).map(Model::name).toList()),
        /** What tasks do, a {@link WorkKind}; opens another heddle. */
        WORKLOAD(Arrays.stream(WorkKind.values()).map(WorkKind::word).toList()),
        /** As {@link Heddle#processors(int)}. */
        PROCESSORS(1, 64),
        /** How many tasks take part. */
        TASKS(1, 2_000),
        /** What part of a round is computing rather than waiting, in percent. */
        CPU(0, 100),
        /** The interval of the global lock in milliseconds, or 0 for none; opens another heddle. */
        LOCK(0, 1_000),
        /** Whether what the scheduler does is recorded, for the timeline; opens another heddle. */
        RECORDING(List.of("off", "on")),
        /** Starts a task that computes for two seconds without a pause. */
        HOG,
        /** Starts a task that blocks its OS thread for two seconds, and does not say so by {@link Heddle#blocking}. */
        BLOCK,
        /** Kills a worker of PROCESS. */
        KILL,
        /** Runs each model in turn, see {@link FourModels}, or ends that. */
        COMPARE;

        private final int least;
        private final int most;

        @SuppressWarnings("ImmutableEnumChecker") // the list is unmodifiable
        private final List<String> words;

        Verb() {
            this(0, 0);
        }

        Verb(int least, int most) {
            this.least = least;
            this.most = most;
            this.words = List.of();
        }

        Verb(List<String> words) {
            this.least = 0;
            this.most = words.size() - 1;
            this.words = List.copyOf(words);
        }

        /** {@return whether it is something that is done once, rather than set} */
        boolean isDone() {
            return most == 0;
        }

        /** {@return what its value may be, or -1} */
        private int value(String word) {
            if (!words.isEmpty()) {
                return words.stream().map(Control::lower).toList().indexOf(lower(word));
            }
            try {
                int value = Integer.parseInt(word);
                return value >= least && value <= most ? value : -1;
            } catch (NumberFormatException e) {
                return -1;
            }
        }

        private String bounds() {
            return lower(name()) + " takes "
                    + (words.isEmpty()
                            ? "a whole number from " + least + " to " + most
                            : "one of " + String.join(", ", words));
        }
    }

    /**
     * {@return the control that a line says}
     *
     * @throws IllegalArgumentException if it says none; the message is a sentence
     */
    static Control parse(String line) {
        String[] words = line.strip().split(" +", -1);
        Verb verb = Arrays.stream(Verb.values())
                .filter(each -> lower(each.name()).equals(lower(words[0])))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a control is one of "
                        + String.join(
                                ", ",
                                Arrays.stream(Verb.values())
                                        .map(each -> lower(each.name()))
                                        .toList())));
        boolean hasValue = !verb.isDone();
        if (words.length != (hasValue ? 2 : 1)) {
            String name = lower(verb.name());
            throw new IllegalArgumentException(
                    name + (hasValue ? " takes one value, as in: " + name + " " + example(verb) : " takes no value"));
        }
        int value = hasValue ? verb.value(words[1]) : 0;
        if (value < 0) {
            throw new IllegalArgumentException(verb.bounds());
        }
        return new Control(verb, value);
    }

    private static String example(Verb verb) {
        return verb.words.isEmpty() ? String.valueOf(Math.max(verb.least, 2)) : verb.words.get(verb.words.size() - 2);
    }

    private static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }
}
