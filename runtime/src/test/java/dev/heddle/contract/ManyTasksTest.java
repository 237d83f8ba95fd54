package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tasks are not scarce. */
class ManyTasksTest extends ContractTest {
    /** A job and its result for each, to another process and back, take their time. */
    private int many() {
        return model == Model.PROCESS ? 1_000 : 10_000;
    }

    @Test
    void manyTasksOneAfterTheOther() throws Exception {
        long sum = 0;
        int count = many() / 10;
        for (int i = 0; i < count; i++) {
            int number = i;
            sum += heddle().start(() -> number).join();
        }
        assertThat(sum).isEqualTo((long) count * (count - 1) / 2);
    }

    @Test
    void manyTasksAtOnce() throws Exception {
        int count = many();
        List<Task<Integer>> tasks = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int number = i;
            tasks.add(heddle().start(() -> number));
        }
        long sum = 0;
        for (Task<Integer> task : tasks) {
            sum += task.join();
        }
        assertThat(sum).isEqualTo((long) count * (count - 1) / 2);
    }

    @Test
    void manyTasksSendOnOneChannel() throws Exception {
        int count = many();
        Heddle heddle = heddle();
        Channel<Integer> numbers = heddle.channel(16);
        for (int i = 0; i < count; i++) {
            int number = i;
            heddle.start(() -> numbers.send(number));
        }
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += numbers.receive();
        }
        assertThat(sum).isEqualTo((long) count * (count - 1) / 2);
    }
}
