package dev.heddle.lab.timeline;

import static dev.heddle.lab.timeline.Events.arrows;
import static dev.heddle.lab.timeline.Events.states;
import static dev.heddle.lab.timeline.Events.stays;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.lab.timeline.TaskLine.Outcome;
import dev.heddle.trace.Recording;
import dev.heddle.trace.TraceEvent;
import dev.heddle.trace.TraceEvent.Kind;
import dev.heddle.trace.TraceEvent.Reason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a timeline makes of recordings: whole ones, and such as begin or end in the middle, or are told in a strange order. */
class TimelineTest {
    @Test
    void aTaskIsRunnableUntilItIsMountedAndRunsUntilItEnds() {
        Timeline timeline = new Events()
                .start(0, 1, 0)
                .mount(10, 1, 0)
                .end(30, 1, 0, TraceEvent.OK)
                .unmount(31, 1, 0, Reason.DONE)
                .timeline(40);
        assertThat(states(timeline, 1)).isEqualTo("RUNNABLE 0-10, RUNNING 10-30 on 0, NONE 30-40");
        assertThat(stays(timeline, 0)).isEqualTo("#1 10-30");
        TaskLine task = timeline.find(1).orElseThrow();
        assertThat(task.outcome()).isEqualTo(Outcome.OK);
        assertThat(task.ended()).isEqualTo(30);
        assertThat(task.switches()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "CHANNEL,CHANNEL",
        "JOIN,JOIN",
        "SLEEP,SLEEP",
        "LOCK,LOCK",
        "GLOBAL_LOCK,GLOBAL_LOCK",
        "IO,IO",
        "OTHER,OTHER"
    })
    void aTaskThatLeavesItsLaneIsAtWhatItLeftFor(Reason reason, State state) {
        Timeline timeline = new Events()
                .start(0, 1, 0)
                .mount(10, 1, 0)
                .unmount(20, 1, 0, reason)
                .wake(50, 1, 0)
                .mount(60, 1, 1)
                .timeline(70);
        assertThat(states(timeline, 1))
                .isEqualTo(
                        "RUNNABLE 0-10, RUNNING 10-20 on 0, " + state + " 20-50, RUNNABLE 50-60, RUNNING 60-70 on 1");
        assertThat(stays(timeline, 0)).isEqualTo("#1 10-20");
        assertThat(stays(timeline, 1)).isEqualTo("#1 60-70");
    }

    @Test
    void aYieldIsRunnableAtOnce() {
        Timeline timeline = new Events()
                .start(0, 1, 0)
                .mount(10, 1, 0)
                .unmount(20, 1, 0, Reason.YIELD)
                .mount(30, 1, 0)
                .timeline(40);
        assertThat(states(timeline, 1))
                .isEqualTo("RUNNABLE 0-10, RUNNING 10-20 on 0, RUNNABLE 20-30, RUNNING 30-40 on 0");
    }

    @Test
    void aBlockedTaskKeepsItsThreadUntilAnotherHasTheLane() {
        Timeline timeline = new Events()
                .start(0, 1, 0)
                .start(0, 2, 0)
                .mount(10, 1, 0)
                .unmount(20, 1, 0, Reason.BLOCKED)
                .mount(30, 2, 0)
                .wake(50, 1, 0)
                .mount(60, 1, 1)
                .timeline(70);
        assertThat(states(timeline, 1))
                .isEqualTo("RUNNABLE 0-10, RUNNING 10-20 on 0, HANDED_OFF 20-30 on 0, HANDED_OFF 30-50, RUNNABLE 50-60,"
                        + " RUNNING 60-70 on 1");
        assertThat(stays(timeline, 0)).isEqualTo("#1 10-20, #1 HANDED_OFF 20-30, #2 30-70");
    }

    @Test
    void aHogThatIsHandedOffRunsOnWithoutAProcessor() {
        Timeline timeline = new Events()
                .start(0, 3, 0)
                .mount(0, 3, 0)
                .add(10, Kind.HANDOFF, 3, 0, 7)
                .unmount(30, 3, 0, Reason.YIELD)
                .timeline(40);
        assertThat(states(timeline, 3)).isEqualTo("RUNNING 0-10 on 0, HANDED_OFF 10-30 on 0, RUNNABLE 30-40");
        assertThat(timeline.marks()).containsExactly(new Mark(Mark.Kind.HANDOFF, 10, 0, 7));
    }

    @Test
    void aThreadThatGetsTheGlobalLockGoesOnWhereItIs() {
        Timeline timeline = new Events()
                .start(0, 1, 0)
                .mount(0, 1, 0)
                .unmount(10, 1, 0, Reason.GLOBAL_LOCK)
                .add(20, Kind.LOCK_TAKEN, 1, 0, 10)
                .timeline(30);
        assertThat(states(timeline, 1)).isEqualTo("RUNNING 0-10 on 0, GLOBAL_LOCK 10-20, RUNNING 20-30 on 0");
    }

    @Test
    void eachSubscriptionReceivesWhatIsSentToItsBroadcastFromThenOn() {
        Timeline timeline = new Events()
                .mount(0, 1, 0)
                .add(0, Kind.SUBSCRIBE, 0, TraceEvent.NO_LANE, TraceEvent.subscribed(7, 8))
                .add(1, Kind.SEND, 1, 0, 7)
                .add(2, Kind.SUBSCRIBE, 0, TraceEvent.NO_LANE, TraceEvent.subscribed(7, 9))
                .add(3, Kind.SEND, 1, 0, 7)
                .mount(4, 2, 1)
                .add(5, Kind.RECEIVE, 2, 1, 9)
                .add(6, Kind.RECEIVE, 2, 1, 8)
                .add(7, Kind.RECEIVE, 2, 1, 8)
                .timeline(10);
        assertThat(arrows(timeline)).isEqualTo("SEND 1@1-2@6, SEND 1@3-2@5, SEND 1@3-2@7");
    }

    @Test
    void aTaskHasWhereItWasStartedAndWaitedLast() {
        Timeline timeline = Timeline.of(new Events()
                .start(0, 1, 0)
                .add(0, Kind.STARTED_AT, 1, TraceEvent.NO_LANE, 2)
                .mount(1, 1, 0)
                .add(2, Kind.WAITS_AT, 1, 0, 0)
                .add(3, Kind.WAITS_AT, 1, 0, 1)
                .start(4, 2, 1)
                .add(5, Kind.WAITS_AT, 2, 0, 99)
                .recording(10, 0)
                .withStacks(List.of(List.of("a"), List.of("b", "c"), List.of("d"))));
        TaskLine task = timeline.find(1).orElseThrow();
        assertThat(timeline.stacks().get(task.startedAt())).containsExactly("d");
        assertThat(timeline.stacks().get(task.waitedAt())).containsExactly("b", "c");
        assertThat(TaskCard.of(timeline, task).lines()).contains("started at d", "last waited at b, called by c");
        TaskLine other = timeline.find(2).orElseThrow();
        assertThat(other.startedAt()).isEqualTo(TaskLine.NOWHERE);
        assertThat(other.waitedAt()).as("a stack that there is not").isEqualTo(TaskLine.NOWHERE);
    }

    @Test
    void arrowsGoFromWhoDidToWhomItWasDone() {
        Timeline timeline = new Events()
                .start(0, 1, 0)
                .mount(5, 1, 0)
                .start(10, 2, 1)
                .mount(15, 2, 1)
                .unmount(20, 2, 1, Reason.CHANNEL)
                .add(25, Kind.SEND, 1, 0, 4)
                .wake(26, 2, 1)
                .mount(30, 2, 1)
                .add(31, Kind.RECEIVE, 2, 1, 4)
                .timeline(40);
        assertThat(arrows(timeline)).isEqualTo("SPAWN nobody@0-1@0, SPAWN 1@10-2@10, SEND 1@25-2@31, WAKE 1@26-2@26");
        assertThat(timeline.find(2).orElseThrow().parent()).isEqualTo(1);
    }

    @Test
    void whatWasSentFirstIsReceivedFirstAndChannelsAreTheirOwn() {
        Timeline timeline = new Events()
                .add(0, Kind.SEND, 1, 0, 4)
                .add(1, Kind.SEND, 1, 0, 5)
                .add(2, Kind.SEND, 3, 1, 4)
                .add(10, Kind.RECEIVE, 2, 1, 4)
                .add(11, Kind.RECEIVE, 2, 1, 4)
                .timeline(20);
        assertThat(arrows(timeline)).isEqualTo("SEND 1@0-2@10, SEND 3@2-2@11");
    }

    @Test
    void aReceiveMayBeRecordedBeforeItsSend() {
        Timeline timeline = new Events()
                .add(5, Kind.RECEIVE, 2, 1, 4)
                .add(6, Kind.SEND, 1, 0, 4)
                .timeline(20);
        assertThat(arrows(timeline)).isEqualTo("SEND 1@0-2@0");
    }

    @Test
    void whereTheBeginningWasLostAReceiveIsNotTakenForThatOfALaterSend() {
        Timeline timeline = Timeline.of(new Events()
                .add(5, Kind.RECEIVE, 2, 1, 4)
                .add(6, Kind.SEND, 1, 0, 4)
                .recording(20, 1));
        assertThat(timeline.arrows()).isEmpty();
    }

    @Test
    void aWakeThatComesBeforeTheUnmountIsNotForgotten() {
        Timeline timeline = new Events()
                .start(0, 1, 0)
                .mount(0, 1, 0)
                .wake(19, 1, 0)
                .unmount(20, 1, 0, Reason.CHANNEL)
                .mount(30, 1, 0)
                .timeline(40);
        assertThat(states(timeline, 1)).isEqualTo("RUNNING 0-20 on 0, RUNNABLE 20-30, RUNNING 30-40 on 0");
    }

    @Test
    void aTaskSeenFirstAsItLeavesRanSinceItsLaneWasFree() {
        Timeline timeline = Timeline.of(new Events()
                .unmount(110, 1, 0, Reason.IO)
                .mount(120, 2, 0)
                .unmount(130, 2, 0, Reason.CHANNEL)
                .unmount(150, 3, 0, Reason.SLEEP)
                .recording(160, 9));
        assertThat(states(timeline, 1))
                .isEqualTo("IO 0-50"); // what it ran before takes no time: the recording begins here
        assertThat(states(timeline, 3)).isEqualTo("RUNNING 20-40 on 0, SLEEP 40-50");
        assertThat(stays(timeline, 0)).isEqualTo("#2 10-20, #3 20-40");
        assertThat(timeline.find(1).orElseThrow().startSeen()).isFalse();
    }

    @Test
    void aTaskSeenFirstAsItIsWokenWaitedSinceTheRecordingBegins() {
        Timeline timeline = Timeline.of(new Events()
                .mount(100, 2, 0)
                .wake(110, 1, 2)
                .mount(120, 1, 1)
                .end(130, 1, 1, TraceEvent.FAILED)
                .recording(140, 9));
        assertThat(states(timeline, 1)).isEqualTo("OTHER 0-10, RUNNABLE 10-20, RUNNING 20-30 on 1, NONE 30-40");
        assertThat(timeline.find(1).orElseThrow().outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void aTaskWhoseRecordingEndsBeforeItDoesIsNotEnded() {
        Timeline timeline =
                new Events().start(0, 1, 0).mount(10, 1, 0).start(15, 2, 1).timeline(20);
        assertThat(timeline.find(1).orElseThrow().outcome()).isEqualTo(Outcome.UNFINISHED);
        assertThat(states(timeline, 2)).isEqualTo("RUNNABLE 15-20");
        assertThat(stays(timeline, 0)).isEqualTo("#1 10-20");
    }

    @Test
    void aTaskThatIsCancelledBeforeItRanHasOnlyWaited() {
        Timeline timeline = new Events()
                .start(0, 1, 0)
                .end(10, 1, TraceEvent.NO_LANE, TraceEvent.CANCELLED)
                .wake(12, 1, 0)
                .mount(13, 1, 0)
                .timeline(20);
        assertThat(states(timeline, 1)).isEqualTo("RUNNABLE 0-10, NONE 10-20");
        assertThat(timeline.find(1).orElseThrow().outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(stays(timeline, 0)).isEmpty();
    }

    @Test
    void whoComesOntoALaneOrIsElsewhereIsBelieved() {
        Timeline timeline = new Events()
                .start(0, 1, 0)
                .mount(0, 1, 0)
                .start(5, 2, 0)
                .mount(10, 2, 0) // the unmount of 1 is missing
                .mount(20, 2, 1) // and here that of 2
                .timeline(30);
        assertThat(states(timeline, 1)).isEqualTo("RUNNING 0-10 on 0, OTHER 10-30");
        assertThat(stays(timeline, 0)).isEqualTo("#1 0-10, #2 10-20");
        assertThat(stays(timeline, 1)).isEqualTo("#2 20-30");
    }

    @Test
    void workersComeAndGo() {
        Timeline timeline = new Events()
                .add(0, Kind.WORKER_START, 0, 0, 4711)
                .add(9, Kind.WORKER_EXIT, 0, 0, 137)
                .add(9, Kind.STEAL, 0, 1, 3)
                .timeline(10);
        assertThat(timeline.marks())
                .containsExactly(
                        new Mark(Mark.Kind.WORKER_START, 0, 0, 4711),
                        new Mark(Mark.Kind.WORKER_EXIT, 9, 0, 137),
                        new Mark(Mark.Kind.STEAL, 9, 1, 3));
        assertThat(timeline.tasks()).isEmpty();
    }

    @Test
    void nothingRecordedIsAnEmptyTimeline() {
        Timeline timeline = new Events().timeline(0);
        assertThat(timeline.end()).isZero();
        assertThat(timeline.tasks()).isEmpty();
        assertThat(timeline.lanes()).hasSize(2);
    }

    @Test
    void theCardSaysHowTheTimeDivides() {
        Timeline timeline = new Events()
                .start(0, 1, 0)
                .mount(100, 1, 0)
                .start(200, 2, 1)
                .mount(250, 2, 1)
                .unmount(300, 2, 1, Reason.CHANNEL)
                .wake(400, 2, 1)
                .mount(500, 2, 1)
                .end(700, 2, 1, TraceEvent.FAILED)
                .timeline(800);
        TaskLine task = timeline.find(2).orElseThrow();
        TaskCard card = TaskCard.of(timeline, task);
        assertThat(card.label()).isEqualTo("Writer #2");
        assertThat(card.lines()).containsExactly("started at 200 ns by Reader #1", "ended at 700 ns: failed");
        assertThat(card.busy()).isEqualTo(50 + 200);
        assertThat(card.scheduled()).isEqualTo(50 + 100);
        assertThat(card.idle()).isEqualTo(100);
        assertThat(card.byState()).containsEntry(State.CHANNEL, 100L).doesNotContainKey(State.NONE);
        assertThat(card.switches()).isEqualTo(2);
    }

    /** Whatever was recorded: a task is at one thing at a time, and on the lane that says that it has the task. */
    @Test
    void linesOfTasksAndLanesAgree() {
        Timeline timeline = Timeline.of(SyntheticRecording.of(11, 3, 40, 20_000));
        long onLanes = 0;
        for (LaneLine lane : timeline.lanes()) {
            for (Spans.Span stay : lane.spans().list()) {
                if (stay.other() != Spans.NOBODY) {
                    onLanes += stay.nanos();
                    Spans own = timeline.tasks().get(stay.other()).spans;
                    assertThat(own.get(own.at(stay.from())))
                            .as("task %s at %s", stay.other(), stay.from())
                            .satisfies(
                                    span -> assertThat(span.state().isOnLane()).isTrue());
                }
            }
        }
        long ofTasks = timeline.tasks().stream()
                .flatMap(task -> task.spans().stream())
                .filter(span -> span.other() != Spans.NOBODY)
                .mapToLong(Spans.Span::nanos)
                .sum();
        assertThat(onLanes).isEqualTo(ofTasks).isPositive();
    }

    @Test
    void theEndOfARecordingHasTasksAtWhatTheyAreAtSinceBefore() {
        Recording recording = new Events()
                .start(0, 1, 0)
                .mount(10, 1, 0)
                .start(15, 2, 1)
                .unmount(20, 1, 0, Reason.LOCK)
                .mount(30, 2, 1)
                .start(32, 3, 2)
                .mount(34, 3, 0)
                .add(35, Kind.SEND, 2, 1, 5)
                .end(40, 3, 0, TraceEvent.OK)
                .add(60, Kind.SEND, 2, 1, 5)
                .wake(70, 1, 2)
                .mount(80, 1, 0)
                .add(81, Kind.RECEIVE, 1, 0, 5)
                .add(82, Kind.RECEIVE, 1, 0, 5)
                .recording(100, 0);
        Timeline latest = Timeline.latest(recording, Duration.ofNanos(50), 100);
        assertThat(latest.end()).isEqualTo(40);
        assertThat(latest.began()).isEqualTo(recording.start().plusNanos(60));
        assertThat(latest.events()).isEqualTo(5);
        assertThat(latest.lost()).isEqualTo(9);
        assertThat(latest.tasks()).extracting(TaskLine::number).containsExactly(1L, 2L); // the third has ended
        assertThat(states(latest, 1)).isEqualTo("LOCK 0-10, RUNNABLE 10-20, RUNNING 20-40 on 0");
        assertThat(states(latest, 2)).isEqualTo("RUNNING 0-40 on 1");
        assertThat(stays(latest, 0)).isEqualTo("#1 20-40");
        assertThat(stays(latest, 1)).isEqualTo("#2 0-40");
        // The first receive is of what was sent before.
        assertThat(arrows(latest)).isEqualTo("SEND 2@0-1@22, WAKE 2@10-1@10");
    }

    @Test
    void theEndOfARecordingHasNoMoreEventsThanWanted() {
        Events events = new Events().start(0, 1, 0);
        for (int i = 1; i < 100; i++) {
            events.mount(10L * i, 1, 0).unmount(10L * i + 5, 1, 0, Reason.YIELD);
        }
        Timeline latest = Timeline.latest(events.recording(1_000, 0), Duration.ofSeconds(1), 10);
        assertThat(latest.events()).isEqualTo(10);
        assertThat(latest.end()).isEqualTo(50);
        assertThat(latest.tasks()).hasSize(1);
        Timeline all = Timeline.latest(events.recording(1_000, 0), Duration.ofSeconds(1), 1_000);
        assertThat(all.events()).isEqualTo(199);
    }

    @Test
    void theEndOfAnEmptyRecordingIsEmpty() {
        Timeline latest = Timeline.latest(new Events().recording(1_000, 0), Duration.ofSeconds(1), 10);
        assertThat(latest.tasks()).isEmpty();
    }
}
