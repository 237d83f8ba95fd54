package dev.heddle.internal.trace;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * Scheduler events as events of the JDK's Flight Recorder. Those that come with every switch are off unless a recording
 * enables them. The one class that needs the module {@code jdk.jfr}, which a JVM may lack.
 */
public final class JfrTrace implements Trace {
    private JfrTrace() {}

    /**
     * {@return a trace that records where a recording runs}
     *
     * @throws IllegalStateException if this JVM has no Flight Recorder
     */
    public static Trace create() {
        try {
            new TaskStart().isEnabled(); // the class is loaded here rather than in the middle of a switch
            return new JfrTrace();
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "jfr(true) needs the module jdk.jfr, which this JVM lacks: add it to the image, or run with"
                            + " --add-modules jdk.jfr",
                    e);
        }
    }

    @Override
    public void record(Trace.Event event, long subject, long detail) {
        @Nullable
        SchedulerEvent jfr = switch (event) {
            case START -> new TaskStart();
            case BEGAN -> new TaskBegan();
            case SEND -> new Send();
            case RECEIVE -> new Receive();
            case END -> new TaskEnd();
            case MOUNT -> new Mount();
            case UNMOUNT -> new Unmount();
            case WAKE -> new Wake();
            case STEAL -> new Steal();
            case HANDOFF -> new Handoff();
            case WORKER_START -> new WorkerStart();
            case WORKER_EXIT -> new WorkerExit();
            case LOCK_TAKEN -> new LockTaken();
            case LOCK_DROPPED -> new LockDropped();
            case SUBSCRIBE -> new Subscribe();
            case STARTED_AT, WAITS_AT -> null; // events of the JVM's own have stacks
        };
        if (jfr != null && jfr.shouldCommit()) {
            jfr.subject = subject;
            jfr.detail = detail;
            jfr.commit();
        }
    }

    @Category("Heddle")
    @StackTrace(false)
    @SuppressWarnings("UnusedVariable") // the recorder reads them
    private abstract static class SchedulerEvent extends jdk.jfr.Event {
        @Label("Subject")
        @Description("The number of the task, thread or processor, or the process id")
        long subject;

        @Label("Detail")
        @Description(
                "The number of the carrier, thread, channel or worker, how many tasks, nanoseconds, or how it ended")
        long detail;
    }

    @Name("dev.heddle.TaskStart")
    @Label("Task Start")
    private static final class TaskStart extends SchedulerEvent {}

    @Name("dev.heddle.TaskBegan")
    @Label("Task Began")
    private static final class TaskBegan extends SchedulerEvent {}

    @Name("dev.heddle.Send")
    @Label("Send")
    @Enabled(false)
    private static final class Send extends SchedulerEvent {}

    @Name("dev.heddle.Receive")
    @Label("Receive")
    @Enabled(false)
    private static final class Receive extends SchedulerEvent {}

    @Name("dev.heddle.Subscribe")
    @Label("Subscribe")
    private static final class Subscribe extends SchedulerEvent {}

    @Name("dev.heddle.TaskEnd")
    @Label("Task End")
    private static final class TaskEnd extends SchedulerEvent {}

    @Name("dev.heddle.Mount")
    @Label("Mount")
    @Enabled(false)
    private static final class Mount extends SchedulerEvent {}

    @Name("dev.heddle.Unmount")
    @Label("Unmount")
    @Enabled(false)
    private static final class Unmount extends SchedulerEvent {}

    @Name("dev.heddle.Wake")
    @Label("Wake")
    @Enabled(false)
    private static final class Wake extends SchedulerEvent {}

    @Name("dev.heddle.Steal")
    @Label("Steal")
    private static final class Steal extends SchedulerEvent {}

    @Name("dev.heddle.Handoff")
    @Label("Handoff")
    private static final class Handoff extends SchedulerEvent {}

    @Name("dev.heddle.WorkerStart")
    @Label("Worker Start")
    private static final class WorkerStart extends SchedulerEvent {}

    @Name("dev.heddle.WorkerExit")
    @Label("Worker Exit")
    private static final class WorkerExit extends SchedulerEvent {}

    @Name("dev.heddle.LockTaken")
    @Label("Global Lock Taken")
    @Enabled(false)
    private static final class LockTaken extends SchedulerEvent {}

    @Name("dev.heddle.LockDropped")
    @Label("Global Lock Dropped")
    @Enabled(false)
    private static final class LockDropped extends SchedulerEvent {}
}
