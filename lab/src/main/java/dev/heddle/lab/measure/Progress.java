package dev.heddle.lab.measure;

/** Where a comparison says what it is doing. */
@FunctionalInterface
public interface Progress {
    /** @param line what is being done now */
    void show(String line);
}
