package dev.heddle;

import java.io.Serializable;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Code for a task to run, with a result. It is {@link Serializable} so that one lambda runs in every model: under
 * {@link Model#PROCESS} the job, and every variable it captures, is copied to the worker; elsewhere it is simply called.
 *
 * @param <T> the type of the result; under {@link Model#PROCESS} the result must be serializable as well
 */
@FunctionalInterface
public interface Job<T extends @Nullable Object> extends Callable<T>, Serializable {}
