/**
 * PROCESS, in the process that opened the heddle: the pool, what it knows of each worker and of the tasks that it was given, and what
 * becomes of them when the worker dies. Each room below knows only those named before it: {@code link}, {@code form}, {@code channel},
 * {@code pipe}, {@code worker}, {@code start}; and all are known here.
 */
package dev.heddle.internal.process;
