package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Generator;
import dev.heddle.Heddle;
import dev.heddle.Task;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A generator works in a task, and its body may wait there as the task may. */
class GeneratorInTaskTest extends ContractTest {
    private static final int COUNT = 200;

    private static Generator<Integer> squaresOf(Channel<Integer> numbers) {
        return Generator.of(out -> {
            for (int number : numbers) {
                out.yield(number * number);
                Heddle.yield();
            }
        });
    }

    @Test
    void itsBodyWaitsYieldsAndIsClosed() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> numbers = heddle.channel(0);
        Channel<Integer> squares = heddle.channel(1);
        Task<Integer> task = heddle.start(() -> {
            int count = 0;
            try (Generator<Integer> generator = squaresOf(numbers)) {
                for (int square : generator) {
                    squares.send(square);
                    if (++count == COUNT) {
                        break;
                    }
                }
            }
            return count;
        });
        for (int i = 0; i < COUNT; i++) {
            numbers.send(i);
            assertThat(squares.receive()).isEqualTo(i * i);
        }
        assertThat(task.join()).isEqualTo(COUNT);
    }

    /** While one body waits, other tasks use generators of their own. */
    @Test
    void manyTasksUseThemAtOnce() throws Exception {
        Heddle heddle = heddle();
        int tasks = 2;
        List<Channel<Integer>> inputs = new ArrayList<>();
        List<Task<Long>> sums = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            Channel<Integer> numbers = heddle.channel(1);
            inputs.add(numbers);
            sums.add(heddle.start(() -> {
                long sum = 0;
                for (int square : squaresOf(numbers)) {
                    sum += square;
                }
                return sum;
            }));
        }
        for (int i = 0; i < COUNT; i++) {
            for (Channel<Integer> numbers : inputs) {
                numbers.send(i);
            }
        }
        inputs.forEach(Channel::close);
        for (Task<Long> sum : sums) {
            assertThat(sum.join()).isEqualTo((COUNT - 1L) * COUNT * (2L * COUNT - 1) / 6);
        }
    }
}
