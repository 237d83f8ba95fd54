/**
 * What the schedulers of a heddle did, moment by moment, in every model: a {@link dev.heddle.trace.Recorder} is given to
 * {@link dev.heddle.HeddleBuilder#trace} and keeps the latest {@link dev.heddle.trace.TraceEvent}s in bounded memory; a
 * {@link dev.heddle.trace.Recording} is a copy of what it has kept.
 */
package dev.heddle.trace;
