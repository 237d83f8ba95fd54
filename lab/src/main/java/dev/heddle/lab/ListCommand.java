package dev.heddle.lab;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.lab.workload.Workloads;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code heddle list}. */
@Command(name = "list", description = "Names the workloads and the models, and says why a model does not work here.")
final class ListCommand implements Callable<Integer> {
    @Override
    public Integer call() throws InterruptedException {
        PrintStream out = System.out;
        out.println("Workloads, for: heddle compare WORKLOAD [ARGS]");
        for (Workload workload : Workloads.all()) {
            out.printf("  %-9s %s%n", workload.name(), workload.describe());
        }
        out.println("  or your own: --class CLASS --class-path PATH, see dev.heddle.lab.Workload");
        out.println();
        out.println("Models, for: heddle compare --models MODEL,...");
        int exitCode = Main.OK;
        for (Model model : Model.values()) {
            String trouble = trouble(model);
            out.printf("  %-9s %s%n", model, trouble.isEmpty() ? describe(model) : "not available here: " + trouble);
            if (!trouble.isEmpty()) {
                exitCode = Main.FAILED;
            }
        }
        return exitCode;
    }

    private static String describe(Model model) {
        return switch (model) {
            case PROCESS -> "an OS process per running task: own address space, data is copied, can be killed";
            case THREAD -> "an OS thread per task: shared memory, scheduled by the operating system";
            case GREEN -> "a green thread per task: shared memory, scheduled by Heddle on N processors";
            case FIBER -> "a fiber per task: exactly one runs until it yields or waits, no lock needed";
        };
    }

    /** Why a model does not work here, found out by using it; nothing if it does. */
    private static String trouble(Model model) throws InterruptedException {
        try (Heddle h = Heddle.builder(model).processors(1).open()) {
            return h.start(() -> 42).join() == 42 ? "" : "a task came back with a wrong result";
        } catch (RuntimeException e) {
            return e.getMessage() == null ? e.toString() : e.getMessage();
        }
    }
}
