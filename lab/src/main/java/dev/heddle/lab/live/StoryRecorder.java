package dev.heddle.lab.live;

import dev.heddle.WorkerDiedException;
import dev.heddle.lab.live.Control.Verb;
import dev.heddle.lab.measure.Progress;
import dev.heddle.lab.story.RecordedStory;
import dev.heddle.lab.story.RecordedStory.RecordedStep;
import dev.heddle.lab.story.Step;
import dev.heddle.lab.story.Story;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Plays stories without a page, and keeps what came out. Does what live-story.js does on the page: sets the scene, looks on for a
 * while, makes the change, and looks on again. For one thread.
 */
public final class StoryRecorder {
    /** A little more than a second, of which the workload's figures are: then they know nothing of what was before. */
    private static final Duration SETTLE = Duration.ofMillis(1_100);

    private static final Duration WATCH = Duration.ofSeconds(1);

    /** What is opened anew may take some time until its first round ends, and philosophers may stand still. */
    private static final Duration BEGIN = Duration.ofSeconds(5);

    /** Open another heddle, which is not needed if it is so already. */
    private static final Set<Verb> OPENERS = Set.of(Verb.MODEL, Verb.WORKLOAD, Verb.LOCK);

    /** So long a control may take to have its effect: workers start, a hog ends. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Duration settle;
    private final Duration watch;
    private final Progress progress;

    /** @param progress is told what is played */
    public StoryRecorder(Progress progress) {
        this(SETTLE, WATCH, progress);
    }

    /**
     * @param settle to wait after a change
     * @param watch to look on then
     */
    StoryRecorder(Duration settle, Duration watch, Progress progress) {
        this.settle = settle;
        this.watch = watch;
        this.progress = progress;
    }

    /**
     * Plays a story.
     *
     * @return what came out of it
     * @throws WorkerDiedException if the workload's process has died
     * @throws IllegalStateException if a control has no effect; the message says which
     * @throws InterruptedException if the calling thread was interrupted
     */
    public RecordedStory record(Story story) throws InterruptedException {
        try (LiveRun run = LiveRun.start()) {
            Stage stage = new Stage(run);
            List<RecordedStep> played = new ArrayList<>();
            for (Step step : story.steps()) {
                progress.show(story.question() + ", step " + (played.size() + 1) + " of "
                        + story.steps().size() + ": " + step.title());
                played.add(stage.play(step));
            }
            return new RecordedStory(story, played);
        }
    }

    /** The workload with which the steps of a story are played. */
    private final class Stage {
        private final LiveRun run;
        private final long begun = System.nanoTime();
        private final List<String> pictures = new ArrayList<>();
        private LiveState last;

        Stage(LiveRun run) throws InterruptedException {
            this.run = run;
            this.last = next();
            set(List.of("recording on"));
        }

        RecordedStep play(Step step) throws InterruptedException {
            begin(set(step.scene()));
            look(settle);
            List<LiveState> before = look(watch);
            boolean isDone = Control.parse(step.change().getFirst()).verb().isDone();
            List<LiveState> after = new ArrayList<>();
            if (isDone) {
                after.add(last);
            }
            boolean isNew = set(step.change());
            pictures.clear();
            if (!isDone) {
                begin(isNew);
            }
            List<LiveState> settling = look(settle);
            if (isDone) {
                after.addAll(settling);
            }
            after.addAll(look(watch));
            // The first one may have been under way before the change.
            await(state -> pictures.size() > 1, "a picture of the timeline");
            return new RecordedStep(lines(before), lines(after), pictures.get(1));
        }

        /** {@return whether that has opened another heddle} */
        private boolean set(List<String> lines) throws InterruptedException {
            boolean opened = false;
            for (String line : lines) {
                Control control = Control.parse(line);
                boolean opens = OPENERS.contains(control.verb());
                if (!opens || !last.is(control)) {
                    run.control(line);
                    opened |= opens;
                }
            }
            for (String line : lines) {
                Control control = Control.parse(line);
                await(state -> state.is(control), line);
            }
            return opened;
        }

        /** Waits until a round has ended, which may never be; and in a new heddle, above all in its workers, until code is fast. */
        private void begin(boolean isNew) throws InterruptedException {
            double until = seconds() + BEGIN.toSeconds();
            while (last.number("throughput") <= 0 && seconds() < until) {
                last = next();
            }
            if (isNew) {
                look(settle);
            }
        }

        private List<LiveState> look(Duration time) throws InterruptedException {
            List<LiveState> seen = new ArrayList<>();
            double until = seconds() + time.toNanos() / 1e9;
            do {
                last = next();
                seen.add(last);
            } while (last.seconds() < until);
            return seen;
        }

        private void await(Predicate<LiveState> condition, String what) throws InterruptedException {
            double until = seconds() + PATIENCE.toSeconds();
            while (!condition.test(last)) {
                if (seconds() > until) {
                    throw new IllegalStateException("the workload does not come to \"" + what + "\" within "
                            + PATIENCE.toSeconds() + " s; it is at: " + LiveText.line(last.json()));
                }
                last = next();
            }
        }

        private LiveState next() throws InterruptedException {
            LiveState state = LiveState.read(seconds(), run.next());
            if (state.timeline() != null) {
                pictures.add(state.timeline());
            }
            return state;
        }

        private double seconds() {
            return (System.nanoTime() - begun) / 1e9;
        }

        private static List<String> lines(List<LiveState> states) {
            return states.stream().map(LiveState::json).toList();
        }
    }
}
