package dev.heddle.lab.probe;

/**
 * What was found out about a trait.
 *
 * @param says yes, no, or not sure
 * @param evidence what was seen
 */
public record Finding(Says says, String evidence) {
    /** Yes, no, or not sure. */
    public enum Says {
        /** It has the trait. */
        YES("yes"),
        /** It does not have it. */
        NO("no"),
        /** What was seen fits neither, or nothing could be seen. */
        UNSURE("not sure");

        private final String text;

        Says(String text) {
            this.text = text;
        }

        /** {@return as a table has it} */
        public String text() {
            return text;
        }
    }

    static Finding yes(String evidence) {
        return new Finding(Says.YES, evidence);
    }

    static Finding no(String evidence) {
        return new Finding(Says.NO, evidence);
    }

    static Finding unsure(String evidence) {
        return new Finding(Says.UNSURE, evidence);
    }
}
