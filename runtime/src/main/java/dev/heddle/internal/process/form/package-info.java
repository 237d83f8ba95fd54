/**
 * What crosses and in which form: objects and exceptions as bytes, what keeps one from crossing, what may come from a worker, and the
 * handles that stand for channels, pipes, permits and memory.
 */
package dev.heddle.internal.process.form;
