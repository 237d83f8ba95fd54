package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Select;
import dev.heddle.Sink;
import dev.heddle.Source;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a select asks for conditions and elements, and what the code of its clauses may do. */
class SelectClausesTest extends ContractTest {
    @Test
    void conditionsAndElementsAreAskedOnceByAnAwaitThatFindsNothingToDo() throws Exception {
        Channel<Integer> channel = heddle().channel(0);
        Channel<Integer> other = heddle().channel(0);
        Task<List<Integer>> task = heddle().start(() -> {
            Integer[] asked = {0, 0, 0, 0};
            new Select<Integer>()
                    .send(channel, () -> ++asked[0], () -> 1)
                    .when(() -> ++asked[1] > 0)
                    .send(other, () -> ++asked[2], () -> 2)
                    .send(other, () -> ++asked[3], () -> 3)
                    .when(() -> false)
                    .timeout(SHORT, () -> 0)
                    .await();
            return List.of(asked);
        });
        assertThat(task.join()).containsExactly(1, 1, 1, 0);
    }

    @Test
    void whatIsSentWasAskedForOnceAndTheRestOnceAtMost() throws Exception {
        Channel<Integer> channel = heddle().channel(0);
        Channel<Integer> other = heddle().channel(0);
        for (int i = 0; i < 10; i++) {
            boolean waiting = i % 2 == 0;
            Task<List<Integer>> task = heddle().start(() -> {
                Integer[] asked = {0, 0};
                new Select<Integer>()
                        .send(channel, () -> ++asked[0], () -> 1)
                        .send(other, () -> ++asked[1], () -> 2)
                        .await();
                return List.of(asked);
            });
            if (waiting) {
                awaitWaiting(heddle(), 1);
            }
            assertThat(other.receive()).isEqualTo(1);
            assertThat(task.join().get(0)).isBetween(waiting ? 1 : 0, 1);
            assertThat(task.join().get(1)).isEqualTo(1);
        }
    }

    @Test
    void anElementMayBeAnotherEachTime() throws Exception {
        Channel<Integer> channel = heddle().channel(0);
        Task<?> sender = heddle().start(() -> {
            int[] next = {0};
            Select<Integer> select = new Select<Integer>().send(channel, () -> next[0]++, () -> next[0]);
            while (select.await() < 10) {}
        });
        for (int i = 0; i < 10; i++) {
            assertThat(channel.receive()).isEqualTo(i);
        }
        sender.join();
    }

    @Test
    void noElementIsNull() throws Exception {
        Channel<Integer> channel = heddle().channel(1);
        assertThatThrownBy(() -> new Select<String>()
                        .send(channel, () -> null, () -> "sent")
                        .await())
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("use when to leave a send out");
        assertThat(channel.size()).isZero();
    }

    /** If it is asked at all: where another operation is possible and is looked at first, it is not. */
    @Test
    void ifASupplierOrAConditionThrowsNothingIsDone() throws Exception {
        for (int i = 0; i < 20; i++) {
            int seed = i;
            Channel<Integer> full = heddle().channel(1);
            full.send(1);
            Channel<Integer> channel = heddle().channel(1);
            Task<String> task = heddle().start(() -> new Select<String>()
                    .receive(full, element -> "received")
                    .send(channel, () -> refuse(seed % 2 == 0), () -> "sent")
                    .when(() -> refuse(seed % 2 == 1) > 0)
                    .seed(seed)
                    .await());
            try {
                assertThat(task.join()).isEqualTo("received");
                assertThat(full.size()).isZero();
            } catch (TaskFailedException e) {
                assertThat(e.getCause())
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessage("no element");
                assertThat(full.size()).isEqualTo(1);
            }
            assertThat(channel.size()).isZero();
        }
    }

    @Test
    void whatNoHeddleHasMadeCannotBeSelected() {
        Object own = Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Source.class, Sink.class}, (proxy, method, args) -> null);
        Select<Integer> select = new Select<>();
        assertThatThrownBy(() -> select.receive((Source<?>) own, x -> 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("have a task pass its elements on");
        assertThatThrownBy(() -> select.send(
                        (Sink<?>) own,
                        () -> {
                            throw new AssertionError("it was asked for an element");
                        },
                        () -> 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(own.getClass().getName());
    }

    private static int refuse(boolean now) {
        if (now) {
            throw new UnsupportedOperationException("no element");
        }
        return 1;
    }

    @Test
    void aClauseRunsAfterItsOperationOnTheThreadThatAwaits() throws Exception {
        Channel<Integer> channel = heddle().channel(1);
        channel.send(1);
        Thread me = Thread.currentThread();
        new Select<Integer>()
                .receive(channel, element -> {
                    assertThat(Thread.currentThread()).isSameAs(me);
                    assertThat(channel.size()).isZero();
                    return 0;
                })
                .await();
        new Select<Integer>()
                .send(channel, () -> 2, () -> {
                    assertThat(channel.size()).isEqualTo(1);
                    return 0;
                })
                .await();
    }

    @Test
    void theResultOfTheClauseIsThatOfTheSelectAndMayBeNull() throws Exception {
        Channel<Integer> channel = heddle().channel(1);
        List<String> results = heddle().start(() -> {
                    Select<String> select = new Select<String>()
                            .receive(channel, element -> null)
                            .send(channel, () -> 1, () -> "sent");
                    List<String> each = new ArrayList<>();
                    for (int i = 0; i < 4; i++) {
                        each.add(select.await());
                    }
                    return each;
                })
                .join();
        assertThat(results).containsExactly("sent", null, "sent", null);
    }

    @Test
    void whatAClauseThrowsIsThrownAndItsOperationStands() throws Exception {
        Channel<Integer> channel = heddle().channel(1);
        channel.send(1);
        Select<Integer> select = new Select<Integer>().receive(channel, element -> {
            throw new InterruptedException("by the clause");
        });
        assertThatThrownBy(select::await)
                .isInstanceOf(InterruptedException.class)
                .hasMessage("by the clause");
        assertThat(channel.size()).isZero();
        channel.send(2);
        assertThatThrownBy(select::await).as("it can be used again").hasMessage("by the clause");
        Task<?> task = heddle().start(() -> {
            new Select<Integer>()
                    .send(channel, () -> 3, () -> {
                        throw new IllegalStateException(new IOException("torn"));
                    })
                    .await();
        });
        assertThatThrownBy(task::join)
                .isInstanceOf(TaskFailedException.class)
                .hasRootCauseInstanceOf(IOException.class)
                .hasRootCauseMessage("torn");
        assertThat(channel.receive()).isEqualTo(3);
    }

    @Test
    void aClauseMayUseTheSameChannelsAndSelects() throws Exception {
        Channel<Integer> in = heddle().channel(0);
        Channel<Integer> out = heddle().channel(0);
        Task<Integer> task = heddle().start(() -> {
            Select<Integer> inner = new Select<Integer>()
                    .receive(in, element -> element)
                    .send(out, () -> 0, () -> -1)
                    .when(() -> false);
            return new Select<Integer>()
                    .receive(in, first -> {
                        out.send(first * 10);
                        int second = inner.await();
                        out.send(second * 10);
                        return first + second + in.receive();
                    })
                    .await();
        });
        in.send(1);
        assertThat(out.receive()).isEqualTo(10);
        in.send(2);
        assertThat(out.receive()).isEqualTo(20);
        in.send(3);
        assertThat(task.join()).isEqualTo(6);
    }

    @Test
    void channelsOfDifferentTypesAreMixed() throws Exception {
        Channel<Integer> numbers = heddle().channel(1);
        Channel<List<String>> words = heddle().channel(1);
        Task<String> task = heddle().start(() -> {
            Select<String> next = new Select<String>()
                    .receive(numbers, number -> "number " + (number + 1))
                    .receive(words, list -> "words " + list.getFirst());
            return next.await() + ", " + next.await();
        });
        numbers.send(1);
        words.send(List.of("a", "b"));
        assertThat(task.join()).isIn("number 2, words a", "words a, number 2");
    }

    @Test
    void whatASelectWaitsForIsInTheDump() throws Exception {
        Channel<Integer> from = heddle().channel(0);
        Channel<Integer> to = heddle().channel(0);
        Task<String> task = heddle().start(() -> new Select<String>()
                .receive(from, element -> "received")
                .send(to, () -> 1, () -> "sent")
                .await());
        awaitWaiting(heddle(), 1);
        if (exempt(Exemption.SHARED_MEMORY)) {
            eventually("it is there", () -> {
                String dump = heddle().dump();
                return dump.contains("waits to select among: receive from channel ")
                        && dump.contains(", send to channel ");
            });
        } else {
            assertThat(heddle().dump()).contains("task " + task.id());
        }
        from.send(1);
        assertThat(task.join()).isEqualTo("received");
    }
}
