package dev.heddle.lab;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.TaskFailedException;
import dev.heddle.lab.timeline.TimelineText;
import dev.heddle.lab.trace.TraceForm;
import dev.heddle.lab.workload.Workloads;
import dev.heddle.trace.Recorder;
import dev.heddle.trace.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heddle trace}. */
@Command(
        name = "trace",
        description = {
            "Runs a workload once and records what the scheduler does, event by event.",
            "Or makes another form of a recording, which is named instead of a workload."
        },
        footer = {
            "",
            "Examples:",
            "  heddle trace primes --model green",
            "  heddle trace primes --model thread --text",
            "  heddle trace digest /usr/share/doc --model process -o digest.pftrace",
            "  heddle trace yesterday.heddle -o yesterday.json"
        })
final class TraceCommand implements Callable<Integer> {
    private static final String RECORDING = ".heddle";

    @Parameters(
            paramLabel = "WORKLOAD [ARGS]",
            arity = "1..*",
            description = "What to run, and its arguments; or a file that ends in .heddle.")
    private List<String> words = List.of();

    @Option(names = "--model", paramLabel = "MODEL", description = "process, thread, green or fiber (default: green).")
    private Model model = Model.GREEN;

    @Option(
            names = "--processors",
            paramLabel = "N",
            description = "How many tasks may execute at the same instant; by default the CPUs.")
    private int processors = Runtime.getRuntime().availableProcessors();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description =
                    "Where to write the recording, as its ending says: html, json, jfr, pftrace (Perfetto) or heddle"
                            + " (default: trace.html).")
    private @Nullable Path output;

    @Option(names = "--text", description = "Print it as text, and write no file unless -o asks for it.")
    private boolean text;

    @Option(
            names = "--stacks",
            description = "Note where in the code tasks are started and wait; that takes some microseconds each time.")
    private boolean stacks;

    /** Whether there is something recorded. */
    private volatile boolean opened;

    @Override
    public Integer call() throws InterruptedException {
        CompareCommand.requireProcessors(processors);
        Path file = output == null && text ? null : WholeFile.require(output == null ? Path.of("trace.html") : output);
        TraceForm form = file == null ? TraceForm.HEDDLE : form(file);
        String name = words.getFirst();
        if (name.endsWith(RECORDING)) {
            return show(read(Path.of(name)), form, file) ? Main.OK : Main.FAILED;
        }
        Workload workload = Workloads.named(name).orElseThrow(() -> unknown(name));
        Recorder recorder = Recorder.within(Recorder.DEFAULT_BYTES).stacks(stacks);
        AtomicBoolean over = new AtomicBoolean();
        Thread atInterrupt = new Thread(
                () -> {
                    if (opened && !over.getAndSet(true)) {
                        System.err.println("heddle: interrupted; what had been recorded until then is kept.");
                        show(recorder.recording(), form, file);
                    }
                },
                "heddle-interrupt");
        Runtime.getRuntime().addShutdownHook(atInterrupt);
        String failure = run(workload, recorder, over);
        if (over.getAndSet(true)) {
            return Main.FAILED; // the hook shows it, and the exit code is that of the interrupt
        }
        if (!failure.isEmpty()) {
            System.err.println("heddle: " + failure + ".");
        }
        boolean shown = !opened || show(recorder.recording(), form, file);
        return failure.isEmpty() && shown ? Main.OK : Main.FAILED;
    }

    /** What came of the workload is told, and what was recorded of it shown all the same. {@return why it failed; nothing if it did not} */
    private String run(Workload workload, Recorder recorder, AtomicBoolean over) throws InterruptedException {
        try (Heddle h = Heddle.builder(model)
                .processors(model == Model.FIBER ? 1 : processors)
                .trace(recorder)
                .uncaughtHandler((task, failure) -> {}) // the first is what the workload throws, or else close()
                .open()) {
            opened = true;
            workload.run(h, new Args(words.subList(1, words.size())));
            return "";
        } catch (InterruptedException e) {
            throw e;
        } catch (UsageException e) {
            over.set(true);
            throw e;
        } catch (Exception e) { // whatever the workload throws, or that the model cannot work here
            Throwable cause = e instanceof TaskFailedException && e.getCause() != null ? e.getCause() : e;
            boolean isSentence = cause instanceof WrongResultException || !opened;
            return isSentence && cause.getMessage() != null
                    ? cause.getMessage()
                    : workload.name() + " failed under " + model + ": " + cause;
        }
    }

    /** {@return whether the user has got everything} */
    private boolean show(Recording recording, TraceForm form, @Nullable Path file) {
        if (text) {
            TimelineText.print(recording, System.out, Terminal.width());
        }
        if (file != null) {
            try {
                WholeFile.write(file, whole -> form.write(recording, whole));
            } catch (IOException e) {
                System.err.println(
                        "heddle: cannot write " + file + ": " + e + "; make room, or name a file elsewhere with -o");
                return false;
            }
            System.out.println(
                    recording.size() + " events" + lost(recording) + ": " + (output == null ? file : output));
        }
        return !System.out.checkError();
    }

    private static UsageException unknown(String name) {
        return Files.exists(Path.of(name))
                ? new UsageException(name + " is no recording of Heddle's, whose name would end in " + RECORDING
                        + ", and no workload: `heddle list` names these")
                : CompareCommand.unknown(name);
    }

    private static String lost(Recording recording) {
        return recording.lost() == 0
                ? ""
                : ", the last of a run of which " + recording.lost() + " more did not fit into memory";
    }

    private static TraceForm form(Path file) {
        return TraceForm.of(file)
                .orElseThrow(() -> new UsageException("-o " + file.getFileName() + " must end in ."
                        + String.join(", .", TraceForm.endings()) + "."
                        + Nearest.hint(TraceForm.endingOf(file), TraceForm.endings())));
    }

    private Recording read(Path file) {
        if (words.size() > 1) {
            throw new UsageException(
                    "a recording such as " + file + " takes no arguments, and there is " + words.get(1));
        }
        if (!Files.isRegularFile(file)) {
            throw new UsageException("there is no recording " + file
                    + ": name what `heddle trace WORKLOAD -o FILE.heddle` has written, or Recording.writeTo()");
        }
        try {
            return Recording.readFrom(file);
        } catch (IOException e) {
            throw new UsageException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
    }
}
