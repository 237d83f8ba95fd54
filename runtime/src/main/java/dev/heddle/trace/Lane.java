package dev.heddle.trace;

import java.util.Objects;

/**
 * What a task runs on: a carrier under GREEN, an OS thread under THREAD, the owner's thread under FIBER, a worker process under
 * PROCESS. One task at a time is mounted on a lane.
 *
 * @param number the number, 0 or more, which events name it by
 * @param name what it is called, such as {@code green-1-carrier-2}
 */
public record Lane(int number, String name) {
    /** Checks the arguments. */
    public Lane {
        Objects.requireNonNull(name, "name");
        if (number < 0) {
            throw new IllegalArgumentException("lane " + number + " (" + name + "): lanes are numbered from 0");
        }
    }
}
