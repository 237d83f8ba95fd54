package dev.heddle.internal.trace;

import java.util.List;

/**
 * What a worker process has recorded.
 *
 * @param worker its number
 * @param words the events as {@link Chunk} has them, by the clock of this process
 * @param lost how many it has dropped
 * @param stacks frames by the numbers that WAITS_AT has
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record WorkerEvents(int worker, long[] words, long lost, List<List<String>> stacks) {}
