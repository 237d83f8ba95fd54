package dev.heddle.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.internal.TaskCore;
import dev.heddle.internal.process.link.CorruptFrameException;
import dev.heddle.internal.process.link.Doorbell;
import dev.heddle.internal.process.link.Link;
import dev.heddle.internal.process.link.Message.Run;
import dev.heddle.internal.process.worker.WorkerMain;
import dev.heddle.testing.HeddleTest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each task is begun by the worker or taken back by the parent, whatever the worker writes. */
class GivenTasksTest extends HeddleTest {
    private final MemorySegment memory = Arena.ofAuto().allocate(Link.bytes(), 4096);
    private final Link parent = new Link(memory, true, Doorbell.Kind.POLLING);
    private final Link worker = new Link(memory, false, Doorbell.Kind.POLLING);
    private final GivenTasks tasks = new GivenTasks();

    @BeforeEach
    void theFirstTaskIsBegun() {
        assertThat(begin(WorkerMain.firstTask())).isTrue();
    }

    /** Tasks that are somewhere else: here they only have to have numbers. */
    private List<Entry> give(int howMany) {
        List<Entry> entries = new ArrayList<>();
        try (Heddle heddle = Heddle.open(Model.THREAD)) {
            for (int i = 0; i < howMany; i++) {
                Entry entry = new Entry((TaskCore<?>) heddle.start(() -> {}), new byte[i]);
                tasks.give(entry, parent);
                entries.add(entry);
            }
        }
        return entries;
    }

    private List<Run> sent() {
        List<Run> runs = new ArrayList<>();
        worker.begin(message -> runs.add((Run) message));
        worker.serve();
        return runs;
    }

    private boolean begin(Run run) {
        return worker.begun().begin(run.number());
    }

    private static long id(Entry entry) {
        return entry.task().id();
    }

    @Test
    void whatIsTakenBackIsNotBegun() {
        List<Entry> given = give(3);
        List<Run> runs = sent();
        assertThat(runs)
                .extracting(Run::task)
                .isEqualTo(given.stream().map(GivenTasksTest::id).toList());

        assertThat(begin(runs.get(0))).isTrue();
        assertThat(tasks.takeBack(parent.begun())).containsExactly(given.get(1), given.get(2));
        assertThat(begin(runs.get(1))).isFalse();
        assertThat(begin(runs.get(2))).isFalse();
        assertThat(tasks.size()).isOne();
        assertThat(tasks.isLast(given.get(0).task())).isTrue();
        assertThat(tasks.takeBack(parent.begun())).isEmpty();

        List<Entry> later = give(2);
        assertThat(sent()).allMatch(this::begin);
        assertThat(tasks.takeBack(parent.begun())).isEmpty();
        assertThat(tasks.ended(id(given.get(0)))).isSameAs(given.get(0));
        assertThat(tasks.ended(id(later.get(0)))).isSameAs(later.get(0));
        assertThat(tasks.has(later.get(0).task())).isFalse();
        assertThat(tasks.lost()).containsExactly(later.get(1));
        assertThat(tasks.isEmpty()).isTrue();
    }

    @Test
    void aTaskThatWasTakenBackHasNoResult() {
        List<Entry> given = give(2);
        sent();
        tasks.takeBack(parent.begun());
        assertThatThrownBy(() -> tasks.ended(id(given.get(0))))
                .isInstanceOf(CorruptFrameException.class)
                .hasMessageContaining("which it was not running");
    }

    @Test
    void tasksEndInTheirOrder() {
        List<Entry> given = give(2);
        sent().forEach(this::begin);
        assertThatThrownBy(() -> tasks.ended(id(given.get(1)))).isInstanceOf(CorruptFrameException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1, 2, 3, 4, 5, Long.MAX_VALUE})
    void aCountThatCannotBeTakesNothingBackThatIsNotThere(long count) {
        List<Entry> given = give(3);
        memory.set(ValueLayout.JAVA_LONG, 64, count);
        int begun = Math.clamp(count, 1, 4) - 1; // but for the first task
        assertThat(tasks.takeBack(parent.begun())).containsExactlyElementsOf(given.subList(begun, 3));
        assertThat(tasks.lost()).containsExactlyElementsOf(given.subList(0, begun));
    }
}
