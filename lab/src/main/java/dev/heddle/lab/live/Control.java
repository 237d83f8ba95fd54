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
 * @param value to what, within the verb's bounds; the place of a {@link Model} among all; 0 where there is nothing to say
 */
record Control(Verb verb, int value) {
    /** Which control. */
    enum Verb {
        /** Opens another heddle, of this model. */
        MODEL(0, Model.values().length - 1),
        /** As {@link Heddle#processors(int)}. */
        PROCESSORS(1, 64),
        /** How many tasks take part. */
        TASKS(1, 2_000),
        /** What part of a round is computing rather than waiting, in percent. */
        CPU(0, 100),
        /** The interval of the global lock in milliseconds, or 0 for none; opens another heddle. */
        LOCK(0, 1_000),
        /** Starts a task that computes for two seconds without a pause. */
        HOG(0, 0),
        /** Starts a task that blocks its OS thread for two seconds, and does not say so by {@link Heddle#blocking}. */
        BLOCK(0, 0),
        /** Kills a worker of PROCESS. */
        KILL(0, 0);

        private final int least;
        private final int most;

        Verb(int least, int most) {
            this.least = least;
            this.most = most;
        }

        /** {@return whether it opens another heddle} */
        boolean opensAnother() {
            return this == MODEL || this == LOCK;
        }

        /** {@return whether it is something that is done once, rather than set} */
        boolean isDone() {
            return most == 0;
        }
    }

    /**
     * {@return the control that a line says}
     *
     * @throws IllegalArgumentException if it says none; the message is a sentence
     */
    static Control parse(String line) {
        String[] words = line.strip().toUpperCase(Locale.ROOT).split(" +", -1);
        Verb verb;
        try {
            verb = Verb.valueOf(words[0]);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a control is one of " + String.join(", ", names()), e);
        }
        boolean hasValue = !verb.isDone();
        if (words.length != (hasValue ? 2 : 1)) {
            throw new IllegalArgumentException(name(verb)
                    + (hasValue ? " takes one value, as in: " + name(verb) + " " + example(verb) : " takes no value"));
        }
        if (!hasValue) {
            return new Control(verb, 0);
        }
        try {
            int value = verb == Verb.MODEL
                    ? List.of(Model.values()).indexOf(Model.valueOf(words[1]))
                    : Integer.parseInt(words[1]);
            if (value >= verb.least && value <= verb.most) {
                return new Control(verb, value);
            }
        } catch (IllegalArgumentException e) { // a NumberFormatException is one
            throw new IllegalArgumentException(bounds(verb), e);
        }
        throw new IllegalArgumentException(bounds(verb));
    }

    private static String bounds(Verb verb) {
        return verb == Verb.MODEL
                ? "model takes one of PROCESS, THREAD, GREEN, FIBER"
                : name(verb) + " takes a whole number from " + verb.least + " to " + verb.most;
    }

    private static String example(Verb verb) {
        return verb == Verb.MODEL ? "GREEN" : String.valueOf(Math.max(verb.least, 2));
    }

    private static String name(Verb verb) {
        return verb.name().toLowerCase(Locale.ROOT);
    }

    private static List<String> names() {
        return Arrays.stream(Verb.values()).map(Control::name).toList();
    }
}
