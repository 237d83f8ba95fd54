package dev.heddle.lab.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Heddle;
import dev.heddle.Model;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.jr.ob.JSON;

/** Moves each control of a workload that runs, and reads its effect in what the workload's own runtime says. */
@Timeout(120)
class LiveRunTest {
    /** The field of {@code /proc/PID/task/TID/stat}, from 0 behind the name. */
    private static final int NICENESS = 16;

    private LiveRun run;

    @BeforeEach
    void start() {
        run = LiveRun.start();
    }

    @AfterEach
    void close() {
        run.close();
    }

    /** What the workload told at one moment. */
    private record State(Map<String, Object> all) {
        long get(String name) {
            return ((Number) value(all, name)).longValue();
        }

        long stat(String name) {
            return ((Number) value((Map<?, ?>) value(all, "stats"), name)).longValue();
        }

        long figure(String name) {
            return ((Number) value((Map<?, ?>) value(all, "figures"), name)).longValue();
        }

        /** The model that has its turn, or nothing. */
        String comparing() {
            return all.get("compared") instanceof Map<?, ?> compared ? (String) value(compared, "running") : "";
        }

        /** What was measured of each model. */
        List<Map<?, ?>> compared() {
            return all.get("compared") instanceof Map<?, ?> compared
                    ? ((List<?>) value(compared, "rows"))
                            .stream().<Map<?, ?>>map(Map.class::cast).toList()
                    : List.of();
        }

        String text(String name) {
            return (String) value(all, name);
        }

        private static Object value(Map<?, ?> map, String name) {
            Object value = map.get(name);
            if (value == null) {
                throw new AssertionError("no " + name + " in " + map);
            }
            return value;
        }
    }

    private State await(Predicate<State> condition) throws InterruptedException, IOException {
        State state;
        do {
            state = new State(JSON.std.mapFrom(run.next()));
        } while (!condition.test(state));
        return state;
    }

    private State open(Model model) throws InterruptedException, IOException {
        run.control("model " + model);
        return await(state -> state.text("model").equals(model.name()) && state.get("throughput") > 0);
    }

    @ParameterizedTest
    @EnumSource(Model.class)
    void everyModelHasItsTasksAndDoesRounds(Model model) throws Exception {
        State state = open(model);
        assertThat(state.get("tasksAsked")).isEqualTo(20);
        await(s -> s.stat("started") == 20 && s.get("tasks") == 20 && s.get("p50Nanos") > 500_000);
        assertThat(state.get("p99Nanos")).isGreaterThanOrEqualTo(state.get("p50Nanos"));
        assertThat(state.get("maxNanos")).isGreaterThanOrEqualTo(state.get("p99Nanos"));
        assertThat(state.get("pid"))
                .isEqualTo(run.pid())
                .isNotEqualTo(ProcessHandle.current().pid());
    }

    @Test
    void processorsChangeWhileItRuns() throws Exception {
        await(state -> state.get("throughput") > 0);
        run.control("cpu 100");
        run.control("processors 1");
        await(state -> state.stat("processors") == 1 && state.stat("running") <= 1);
        run.control("processors 2");
        State two = await(state -> state.stat("processors") == 2 && state.stat("running") == 2);
        assertThat(two.stat("completed")).isZero(); // it is the same heddle with the same tasks
    }

    @ParameterizedTest
    @EnumSource(Model.class)
    void tasksComeAndGo(Model model) throws Exception {
        open(model);
        run.control("tasks 30");
        await(state -> state.stat("started") == 30 && state.get("tasks") == 30);
        run.control("tasks 3");
        await(state -> state.get("tasks") == 3 && state.stat("completed") == 27);
        run.control("tasks 5");
        State five = await(state -> state.get("tasks") == 5 && state.get("throughput") > 0);
        assertThat(five.stat("started")).isEqualTo(32);
        assertThat(five.stat("failed")).isZero();
    }

    @Test
    void theShareOfComputingDecidesWhetherTasksWait() throws Exception {
        await(state -> state.get("throughput") > 0);
        run.control("cpu 100");
        await(state -> state.get("cpu") == 100
                && state.stat("running") == state.stat("processors")
                && state.stat("parked") == 0);
        run.control("cpu 0");
        await(state -> state.get("cpu") == 0 && state.stat("parked") > 10);
    }

    @ParameterizedTest
    @EnumSource(
            value = Model.class,
            names = {"THREAD", "GREEN"})
    void theGlobalLockIsTakenAndDroppedAtItsInterval(Model model) throws Exception {
        assertThat(open(model).stat("lockHolds")).isZero();
        run.control("cpu 100");
        run.control("lock 1");
        State locked = await(state -> state.get("lockMillis") == 1 && state.stat("lockForcedSwitches") > 0);
        assertThat(locked.stat("lockHolds")).isPositive();
        run.control("lock 0");
        await(state -> state.get("lockMillis") == 0 && state.get("throughput") > 0 && state.stat("lockHolds") == 0);
    }

    @Test
    void aHogOrABlockedCarrierLosesItsProcessor() throws Exception {
        run.control("processors 1");
        run.control("cpu 0");
        State before = await(state -> state.get("throughput") > 0 && state.stat("processors") == 1);
        for (String nuisance : new String[] {"hog", "block"}) {
            State then = await(state -> state.stat("completed") == state.stat("started") - 20);
            run.control(nuisance);
            await(state -> state.stat("handoffs") > then.stat("handoffs")
                    && state.stat("started") == then.stat("started") + 1);
            await(state -> state.stat("completed") == then.stat("completed") + 1);
        }
        assertThat(before.stat("started")).isEqualTo(20);
    }

    @Test
    void aHogStopsAllFibersAndTheStateIsToldAllTheSame() throws Exception {
        open(Model.FIBER);
        run.control("hog");
        await(state -> state.get("throughput") == 0);
        await(state -> state.get("throughput") > 0 && state.stat("completed") == 1);
    }

    @Test
    void aKilledWorkerCostsOneTaskWhichIsReplaced() throws Exception {
        open(Model.PROCESS);
        await(state -> state.get("tasks") == 20);
        run.control("kill");
        State killed = await(state -> state.stat("completed") == 1 && state.get("tasks") == 20);
        assertThat(killed.stat("started")).isEqualTo(21);
        assertThat(killed.text("said")).contains("was killed with its worker");
        await(state -> state.get("throughput") > 0 && state.stat("running") == state.stat("processors"));
    }

    @Test
    void otherModelsHaveNoWorkerToKill() throws Exception {
        await(state -> state.get("throughput") > 0);
        run.control("kill");
        State state = await(s -> !s.text("said").isEmpty());
        assertThat(state.text("said")).contains("only PROCESS has workers");
        assertThat(state.stat("completed")).isZero();
    }

    @Test
    void atMostTenStatesASecond() throws Exception {
        State first = await(state -> state.get("throughput") > 0);
        long begun = System.nanoTime();
        State last = await(state -> state.get("n") >= first.get("n") + 10);
        assertThat(last.get("n")).isEqualTo(first.get("n") + 10);
        assertThat(System.nanoTime() - begun).isGreaterThan(800_000_000L);
    }

    @ParameterizedTest
    @EnumSource(
            value = Model.class,
            names = {"PROCESS", "THREAD", "GREEN"})
    void theCounterLosesAdditionsWhereTasksRunAtOnce(Model model) throws Exception {
        run.control("workload counter");
        run.control("cpu 100");
        run.control("model " + model);
        await(state -> is(state, model, "counter") && state.figure("additions lost") > 0);
        run.control("workload counter-atomic");
        State mended =
                await(state -> is(state, model, "counter-atomic") && state.figure("additions made") > 10_000_000);
        assertThat(mended.figure("additions lost")).isZero();
        assertThat(mended.get("p50Nanos")).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"FIBER,0", "THREAD,1", "GREEN,1"})
    void fibersLoseNoAdditionsNorDoTasksUnderTheGlobalLock(Model model, int lock) throws Exception {
        run.control("workload counter");
        run.control("lock " + lock);
        run.control("cpu 100");
        run.control("model " + model);
        State state = await(
                s -> is(s, model, "counter") && s.get("lockMillis") == lock && s.figure("additions made") > 10_000_000);
        assertThat(state.figure("additions lost")).isZero();
        assertThat(state.get("tasks")).isEqualTo(20);
    }

    @ParameterizedTest
    @EnumSource(Model.class)
    void philosophersStandStillWhichIsSaidAndTheyBeginAgain(Model model) throws Exception {
        run.control("workload philosophers");
        run.control("model " + model);
        State stuck = await(
                state -> is(state, model, "philosophers") && state.text("said").startsWith("a deadlock: "));
        assertThat(stuck.get("tasksAsked")).isEqualTo(5);
        if (model != Model.PROCESS) {
            assertThat(stuck.text("said")).contains(" waits to acquire mutex ").contains(", held by task ");
        }
        await(state -> is(state, model, "philosophers") && state.get("throughput") > 0);
    }

    @ParameterizedTest
    @EnumSource(Model.class)
    void philosophersWhoTakeForksInOrderEatAndEat(Model model) throws Exception {
        run.control("workload philosophers-ordered");
        run.control("model " + model);
        State begun = await(state -> is(state, model, "philosophers-ordered") && state.get("throughput") > 0);
        State later = await(state -> state.get("n") >= begun.get("n") + 25);
        assertThat(later.text("said")).isEmpty();
        assertThat(later.stat("completed")).isZero();
        assertThat(later.get("throughput")).isPositive();
        run.control("tasks 3");
        await(state -> state.get("tasks") == 3 && state.stat("started") == 3 && state.get("throughput") > 0);
    }

    @Test
    void whoEatsForLongDoesNotStandStill() throws Exception {
        Settings settings = new Settings(Model.PROCESS, WorkKind.PHILOSOPHERS_ORDERED, 2, 2, 100, 0, false);
        List<String> said = new ArrayList<>();
        try (Session session = new Session(settings, Long.MAX_VALUE / 100, said::add)) {
            while (session.stats().running() == 0) {
                assertThat(session.tend()).isTrue();
                Heddle.sleep(Duration.ofMillis(1));
            }
            for (int i = 0; i < 300; i++) {
                assertThat(session.tend()).as("%s", said).isTrue();
                Heddle.sleep(Duration.ofMillis(5)); // as often as it may be called, and oftener
            }
            assertThat(session.rounds()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Model.class)
    void theTimelineComesWhileItIsRecorded(Model model) throws Exception {
        State without = open(model);
        assertThat(without.all()).doesNotContainKey("timeline");
        assertThat(without.text("recording")).isEqualTo("off");
        run.control("recording on");
        State first = await(state -> state.all().containsKey("timeline"));
        assertThat(first.text("recording")).isEqualTo("on");
        State second = await(state -> state.all().containsKey("timeline"));
        assertThat(second.get("n") - first.get("n")).isGreaterThanOrEqualTo(2); // about twice a second
        assertThat(second.text("timeline")).hasSizeLessThan(1_000_000);
        run.control("recording off");
        State off = await(state -> state.text("recording").equals("off"));
        State later = await(state -> {
            assertThat(state.all()).doesNotContainKey("timeline");
            return state.get("n") > off.get("n") + 10;
        });
        assertThat(later.get("throughput")).isPositive();
    }

    @Test
    void theFourModelsAreMeasuredInTurnAndThenAllIsAsBefore() throws Exception {
        run.control("workload counter");
        run.control("tasks 7");
        await(state -> is(state, Model.GREEN, "counter") && state.get("tasks") == 7);
        run.control("compare");
        for (Model model : Model.values()) {
            await(state -> state.comparing().equals(model.name()) && is(state, model, "counter"));
        }
        State after =
                await(state -> state.compared().size() == 4 && state.comparing().isEmpty());
        assertThat(after.compared().stream().map(row -> String.valueOf(row.get("model"))))
                .containsExactly("PROCESS", "THREAD", "GREEN", "FIBER");
        for (Map<?, ?> row : after.compared()) {
            for (String measure : List.of("throughput", "p50Nanos", "p99Nanos", "osThreads", "rssBytes", "cpusBusy")) {
                assertThat(((Number) row.get(measure)).doubleValue())
                        .as(row.get("model") + " " + measure)
                        .isPositive();
            }
            assertThat(((Map<?, ?>) row.get("figures")).get("additions made")).isNotNull();
        }
        assertThat(after.text("said")).startsWith("PROCESS ").contains("; FIBER ");
        await(state -> is(state, Model.GREEN, "counter") && state.get("tasks") == 7 && state.get("throughput") > 0);
    }

    @Test
    void aControlThatIsMovedEndsTheComparison() throws Exception {
        await(state -> state.get("throughput") > 0);
        run.control("compare");
        await(state -> is(state, Model.PROCESS, "rounds"));
        run.control("tasks 9");
        State after = await(state -> is(state, Model.GREEN, "rounds") && state.get("tasks") == 9);
        assertThat(after.comparing()).isEmpty();
        assertThat(after.compared()).isEmpty();
    }

    @Test
    void philosophersWhoStandStillAreComparedAllTheSame() throws Exception {
        run.control("workload philosophers");
        run.control("tasks 3");
        run.control("cpu 0");
        run.control("compare");
        await(state ->
                state.compared().stream().anyMatch(row -> ((Map<?, ?>) row.get("figures")).containsKey("deadlocks")));
    }

    private static boolean is(State state, Model model, String workload) {
        return state.text("model").equals(model.name())
                && state.text("workload").equals(workload);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''              | a control is one of model, workload",
                "fly             | a control is one of model, workload",
                "model           | model takes one value, as in: model GREEN",
                "model blue      | model takes one of PROCESS, THREAD, GREEN, FIBER",
                "processors 0    | processors takes a whole number from 1 to",
                "processors 9999 | processors takes a whole number from 1 to",
                "tasks many      | tasks takes a whole number from 1 to",
                "cpu 101         | cpu takes a whole number from 0 to 100",
                "workload tennis | workload takes one of rounds, counter, counter-atomic, philosophers",
                "recording maybe | recording takes one of off, on",
                "hog 3           | hog takes no value",
            })
    void whatIsNoControlIsRefusedInASentence(String line, String sentence) {
        assertThatThrownBy(() -> run.control(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence);
    }

    /** Else the browser that shows it, on the same CPUs, would get too little of them to draw, or to tell what was clicked. */
    @Test
    void theWorkloadGivesWayToWhoLooksAtIt() throws Exception {
        open(Model.GREEN);
        assertThat(niceness(run.pid(), "live-state")).containsOnly(0);
        assertThat(niceness(run.pid(), "live-carrier")).containsOnly(10);
        open(Model.PROCESS);
        long worker = ProcessHandle.of(run.pid())
                .orElseThrow()
                .children()
                .findFirst()
                .orElseThrow()
                .pid();
        assertThat(niceness(worker, "java")).containsOnly(10); // its main thread, which runs the tasks
    }

    /** Of all threads of a process whose name begins like that. */
    private static List<Integer> niceness(long pid, String name) throws IOException {
        List<Integer> found = new ArrayList<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.contains("(" + name)) {
                    found.add(Integer.valueOf(
                            stat.substring(stat.lastIndexOf(')') + 2).split(" ")[NICENESS]));
                }
            }
        } catch (NoSuchFileException | DirectoryIteratorException e) {
            return niceness(pid, name); // a thread has ended meanwhile
        }
        return found;
    }

    @Test
    void closedItLeavesNoProcess() throws Exception {
        open(Model.PROCESS);
        ProcessHandle child = ProcessHandle.of(run.pid()).orElseThrow();
        var workers = child.descendants().toList();
        assertThat(workers).isNotEmpty();
        run.close();
        child.onExit().join();
        for (ProcessHandle worker : workers) {
            worker.onExit().join();
        }
    }
}
