package dev.heddle.lab.doctor;

/**
 * One thing that was looked at.
 *
 * @param grade how it is
 * @param name what was looked at
 * @param found what was found
 * @param mend what to do about it; nothing if all is well
 */
public record Check(Grade grade, String name, String found, String mend) {
    /** How it is. */
    public enum Grade {
        /** All is well. */
        OK,
        /** Something works worse than it could, or measures less than the truth. */
        WARN,
        /** A model does not work. */
        FAIL
    }

    static Check ok(String name, String found) {
        return new Check(Grade.OK, name, found, "");
    }

    static Check warn(String name, String found, String mend) {
        return new Check(Grade.WARN, name, found, mend);
    }

    static Check fail(String name, String found, String mend) {
        return new Check(Grade.FAIL, name, found, mend);
    }
}
