package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.HeddleTest;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** JMX, the Flight Recorder, and the time that tasks take. */
class ObservationTest extends HeddleTest {
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    @ParameterizedTest
    @EnumSource
    void jmxShowsTheHeddleUntilItIsClosed(Model model) throws Exception {
        ObjectName pattern = new ObjectName("dev.heddle:type=Heddle,name=\"watched, \\\"" + model + "\\\"\",*");
        try (Heddle heddle = Heddle.builder(model)
                .name("watched, \"" + model + "\"")
                .processors(1)
                .jmx(true)
                .open()) {
            heddle.start(() -> 1).join();
            Set<ObjectName> names = server.queryNames(pattern, null);
            assertThat(names).hasSize(1);
            HeddleMXBean bean = JMX.newMXBeanProxy(server, names.iterator().next(), HeddleMXBean.class);
            assertThat(bean.getModel()).isEqualTo(model.name());
            assertThat(bean.getStarted()).isEqualTo(1);
            bean.setProcessors(2);
            assertThat(bean.getProcessors()).isEqualTo(heddle.processors());
            assertThat(bean.dump()).contains("1 started");
        }
        assertThat(server.queryNames(pattern, null)).isEmpty();
    }

    @Test
    void twoHeddlesOfOneNameAreBothShown() throws Exception {
        try (Heddle first = Heddle.builder(Model.GREEN).name("twin").jmx(true).open();
                Heddle second =
                        Heddle.builder(Model.GREEN).name("twin").jmx(true).open()) {
            assertThat(server.queryNames(new ObjectName("dev.heddle:type=Heddle,name=\"twin\",*"), null))
                    .as("%s and %s", first, second)
                    .hasSize(2);
        }
    }

    @Test
    void theFlightRecorderGetsTheEvents(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("heddle.jfr");
        long id;
        try (Recording recording = new Recording();
                Heddle heddle = Heddle.builder(Model.GREEN).jfr(true).open()) {
            recording.enable("dev.heddle.Mount");
            recording.start();
            Task<?> task = heddle.start(() -> Heddle.blocking(() -> 1));
            task.join();
            id = task.id();
            eventually("it has ended", () -> heddle.stats().completed() == 1);
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("dev.heddle."))
                .toList();
        assertThat(events.stream().map(event -> event.getEventType().getName()).collect(Collectors.toSet()))
                .contains("dev.heddle.TaskStart", "dev.heddle.TaskEnd", "dev.heddle.Mount", "dev.heddle.Handoff")
                .doesNotContain("dev.heddle.Unmount");
        assertThat(events)
                .filteredOn(event -> event.getEventType().getName().equals("dev.heddle.TaskStart"))
                .singleElement()
                .satisfies(event -> assertThat(event.getLong("subject")).isEqualTo(id));
    }

    @Test
    void cpuTimeIsThatOfExecutingAndNotOfWaiting() throws Exception {
        try (Heddle heddle = Heddle.builder(Model.GREEN).taskCpuTime(true).open()) {
            Channel<Integer> gate = heddle.channel(0);
            Task<?> waiting = heddle.start(() -> gate.receive());
            AtomicBoolean stop = new AtomicBoolean();
            Task<?> computing = heddle.start(() -> {
                while (!stop.get()) {
                    Thread.onSpinWait();
                }
            });
            eventually(
                    "the time of a task that runs grows",
                    () -> computing.cpuTime().orElseThrow().compareTo(MEDIUM) > 0);
            stop.set(true);
            computing.join();
            Duration whole = computing.cpuTime().orElseThrow();
            assertThat(whole).isGreaterThan(MEDIUM);
            assertThat(computing.cpuTime()).as("it stays").contains(whole);
            assertThat(waiting.cpuTime().orElseThrow()).isPositive().isLessThan(MEDIUM);
            gate.send(1);
        }
    }

    @Test
    void cpuTimeIsEmptyWhereItIsNotMeasured() throws Exception {
        try (Heddle heddle = Heddle.open(Model.GREEN)) {
            Task<Integer> task = heddle.start(() -> 1);
            task.join();
            assertThat(task.cpuTime()).isEmpty();
        }
    }
}
