package dev.heddle.lab.experiment;

/**
 * How much an experiment does.
 *
 * @param size how long it may take
 * @param cpus how many CPUs there are, at least 1
 */
public record Scale(Size size, int cpus) {
    /** How long an experiment may take. */
    public enum Size {
        /** As short as it can be and still do everything, and so too little to conclude anything: for tests. */
        SMALLEST,
        /** Some ten seconds. */
        USUAL,
        /** As long as it takes to be surer. */
        FULL
    }

    /** {@return how many tasks fill the CPUs, at least 2, so that there is something to compare} */
    int several() {
        return Math.max(2, cpus);
    }

    /**
     * @param smallest for tests
     * @param usual by default
     * @param full with {@code --full}
     * @return the one of this size
     */
    public int pick(int smallest, int usual, int full) {
        return switch (size) {
            case SMALLEST -> smallest;
            case USUAL -> usual;
            case FULL -> full;
        };
    }
}
