package dev.heddle.internal.trace;

import dev.heddle.trace.TraceEvent.Reason;

/** Two recorders that hang on one seam. */
record BothTraces(Trace first, Trace second) implements Trace {
    @Override
    public void record(Event event, long subject, long detail) {
        first.record(event, subject, detail);
        second.record(event, subject, detail);
    }

    @Override
    public void started(long task, long starter, Object job) {
        first.started(task, starter, job);
        second.started(task, starter, job);
    }

    @Override
    public void recordAfter(Event previous, Event event, long subject, long detail) {
        first.recordAfter(previous, event, subject, detail);
        second.recordAfter(previous, event, subject, detail);
    }

    @Override
    public void unmounted(long subject, long lane, Reason reason) {
        first.unmounted(subject, lane, reason);
        second.unmounted(subject, lane, reason);
    }

    @Override
    public void ended(long task, long outcome, long thread) {
        first.ended(task, outcome, thread);
        second.ended(task, outcome, thread);
    }

    @Override
    public void opened(Traced heddle) {
        first.opened(heddle);
        second.opened(heddle);
    }

    @Override
    public long bytes() {
        return second.bytes();
    }

    @Override
    public boolean notesStacks() {
        return second.notesStacks();
    }

    @Override
    public void waits(long subject) {
        second.waits(subject);
    }

    @Override
    public long base() {
        return second.base();
    }
}
