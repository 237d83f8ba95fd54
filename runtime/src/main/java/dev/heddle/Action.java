package dev.heddle;

import java.io.Serializable;

/** Code for a task to run, without a result: the form of {@link Job} for a block of statements. */
@FunctionalInterface
public interface Action extends Serializable {
    /**
     * Runs the code.
     *
     * @throws Exception any failure; it becomes the failure of the task
     */
    void run() throws Exception;
}
