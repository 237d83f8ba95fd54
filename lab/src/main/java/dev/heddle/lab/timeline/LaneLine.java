package dev.heddle.lab.timeline;

/**
 * A lane: a CPU, carrier, thread or worker, and which task it had when.
 *
 * @param number as the recorder counts them
 * @param name for people
 * @param spans the stays of tasks, by index, and between them {@link State#NONE}
 */
public record LaneLine(int number, String name, Spans spans) {}
