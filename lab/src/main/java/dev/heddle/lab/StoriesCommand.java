package dev.heddle.lab;

import dev.heddle.WorkerDiedException;
import dev.heddle.lab.experiment.Question;
import dev.heddle.lab.live.StoryRecorder;
import dev.heddle.lab.story.RecordedStory;
import dev.heddle.lab.story.Stories;
import dev.heddle.lab.story.StoriesHtml;
import dev.heddle.lab.story.Story;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heddle stories}. */
@Command(
        name = "stories",
        description = {
            "Plays the guided tours of the live page, one a question, and writes a page with what came out.",
            "Takes some thirty seconds a story. To play them with the workload itself: heddle live."
        },
        footer = {"", "Examples:", "  heddle stories", "  heddle stories --story Q6 -o gil.html"})
final class StoriesCommand implements Callable<Integer> {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE.html",
            description = "Where to write the page (default: stories.html).")
    private Path output = Path.of("stories.html");

    @Option(
            names = "--story",
            paramLabel = "N",
            description = "Only that of this question, such as 6 or Q6; may be repeated.")
    private List<String> only = List.of();

    @Override
    public Integer call() throws InterruptedException {
        List<Story> stories = stories();
        if (!output.toString().toLowerCase(Locale.ROOT).endsWith(".html")) {
            throw new UsageException("-o " + output + " must end in .html");
        }
        Path file = WholeFile.require(output);
        Terminal terminal = Terminal.system();
        StoryRecorder recorder = new StoryRecorder(terminal::progress);
        List<RecordedStory> played = new ArrayList<>();
        String failure = play(stories, recorder, played, file);
        terminal.clear();
        if (failure != null) {
            System.err.println("heddle: " + failure + ".");
        }
        if (!played.isEmpty()) {
            System.out.println((played.size() == 1 ? "1 story: " : played.size() + " stories: ") + output);
        }
        return failure != null || System.out.checkError() ? Main.FAILED : Main.OK;
    }

    /** The page is written after each story, so who interrupts has those before. {@return what failed, or null} */
    private static @Nullable String play(
            List<Story> stories, StoryRecorder recorder, List<RecordedStory> played, Path file)
            throws InterruptedException {
        for (Story story : stories) {
            try {
                played.add(recorder.record(story));
            } catch (WorkerDiedException | IllegalStateException e) {
                return story.question() + " could not be played to its end: " + e.getMessage();
            }
            try {
                WholeFile.write(file, StoriesHtml.page(played, context()));
            } catch (IOException e) {
                return "cannot write " + file + ": " + e + "; make room, or name a file elsewhere with -o";
            }
        }
        return null;
    }

    private List<Story> stories() {
        return only.isEmpty()
                ? Stories.all()
                : only.stream()
                        .map(StoriesCommand::question)
                        .distinct()
                        .map(Stories::of)
                        .toList();
    }

    private static Question question(String text) {
        String name = text.matches("\\d+") ? "Q" + text : text.toUpperCase(Locale.ROOT);
        return Arrays.stream(Question.values())
                .filter(question -> question.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("there is no story " + text + ": they are 1 to "
                        + Question.values().length + ", one a question; `heddle live` lists them"));
    }

    private static String context() {
        int cpus = Runtime.getRuntime().availableProcessors();
        return "Recorded on %s: %s, %s %s, JDK %s. Heddle %s."
                .formatted(
                        LocalDate.now(ZoneId.systemDefault()),
                        cpus == 1 ? "1 CPU" : cpus + " CPUs",
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        Runtime.version(),
                        Main.version());
    }
}
