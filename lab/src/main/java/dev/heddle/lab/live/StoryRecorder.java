package dev.heddle.lab.live;

import dev.heddle.WorkerDiedException;
import dev.heddle.lab.measure.Progress;
import dev.heddle.lab.story.RecordedStory;
import dev.heddle.lab.story.RecordedStory.RecordedStep;
import dev.heddle.lab.story.Step;
import dev.heddle.lab.story.Story;
import dev.heddle.trace.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Plays stories without a page, and keeps what came out. Does what live-story.js does on the page: sets the scene, looks on for a
 * while, makes the change, and looks on again. For one thread.
 */
public final class StoryRecorder {
    /** A little more than a second, of which the workload's figures are: then they know nothing of what was before. */
    private static final Duration SETTLE = Duration.ofMillis(1_100);

    private static final Duration WATCH = Duration.ofSeconds(1);

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
     * @throws IOException if what was recorded cannot be passed on
     * @throws InterruptedException if the calling thread was interrupted
     */
    public RecordedStory record(Story story) throws IOException, InterruptedException {
        Path file = Files.createTempFile("heddle-story-", ".heddle");
        try (LiveRun run = LiveRun.startRecorded()) {
            Stage stage = new Stage(run, file);
            List<RecordedStep> played = new ArrayList<>();
            for (Step step : story.steps()) {
                progress.show(story.question() + ", step " + (played.size() + 1) + " of "
                        + story.steps().size() + ": " + step.title());
                played.add(stage.play(step));
            }
            return new RecordedStory(story, played);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** The workload with which the steps of a story are played. */
    private final class Stage {
        private final LiveRun run;
        private final Path file;
        private final long begun = System.nanoTime();
        private LiveState last;

        Stage(LiveRun run, Path file) throws InterruptedException {
            this.run = run;
            this.file = file;
            this.last = next();
        }

        RecordedStep play(Step step) throws IOException, InterruptedException {
            set(step.scene());
            look(settle);
            List<LiveState> before = look(watch);
            List<LiveState> after = new ArrayList<>();
            boolean isDone = Control.parse(step.change().getFirst()).verb().isDone();
            if (isDone) {
                after.add(last);
            }
            set(step.change());
            List<LiveState> settling = new ArrayList<>(look(settle.dividedBy(2)));
            Recording recording = record();
            settling.addAll(look(settle.dividedBy(2)));
            if (isDone) {
                after.addAll(settling);
            }
            after.addAll(look(watch));
            return new RecordedStep(lines(before), lines(after), recording);
        }

        private void set(List<String> lines) throws InterruptedException {
            for (String line : lines) {
                if (!Control.parse(line).verb().opensAnother() || !last.is(Control.parse(line))) {
                    run.control(line);
                }
            }
            for (String line : lines) {
                Control control = Control.parse(line);
                await(state -> state.is(control), line);
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

        private Recording record() throws IOException, InterruptedException {
            long recordings = last.number("recordings");
            run.record(file);
            await(state -> state.number("recordings") > recordings, "record");
            return Recording.readFrom(file);
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
            return new LiveState(seconds(), run.next());
        }

        private double seconds() {
            return (System.nanoTime() - begun) / 1e9;
        }

        /** With the time at which each came, as the page adds it. */
        private static List<String> lines(List<LiveState> states) {
            return states.stream()
                    .map(state -> String.format(
                            Locale.ROOT,
                            "{\"seconds\":%.3f,%s",
                            state.seconds(),
                            state.json().substring(1)))
                    .toList();
        }
    }
}
