package dev.heddle.internal.green;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import dev.heddle.testing.HeddleTest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What only a dump of green threads tells. */
class GreenDumpTest extends HeddleTest {
    private static final AtomicInteger UNWOUND = new AtomicInteger();

    @Test
    void carriersAreThereWithTheTasksThatTheyExecute() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (Heddle heddle = Heddle.open(Model.GREEN)) {
            Task<?> hog = heddle.start(() -> {
                while (!stop.get()) {
                    Thread.onSpinWait();
                }
            });
            eventually("it runs", () -> heddle.stats().running() == 1);
            String dump = heddle.dump();
            stop.set(true);
            assertThat(dump)
                    .containsPattern(heddle.name() + "-carrier-[0-9]+, OS thread [0-9]+: executes task " + hog.id())
                    .containsPattern("task " + hog.id() + " executes on " + heddle.name() + "-carrier-[0-9]+");
        }
    }

    @Test
    void aCycleOfJoinsIsNamed() throws Exception {
        try (Heddle heddle = Heddle.open(Model.GREEN)) {
            CompletableFuture<Task<?>> second = new CompletableFuture<>();
            Task<?> first = heddle.start(() -> second.get().join());
            second.complete(heddle.start(() -> first.join()));
            eventually("both wait for each other", () -> heddle.dump().contains("a cycle"));
            long a = first.id();
            long b = second.join().id();
            assertThat(heddle.dump())
                    .contains("a cycle, in which each waits for the next to end: task " + a + ", task " + b + ", task "
                            + a);
            heddle.shutdownNow();
        }
    }

    @Test
    void tasksWhoseChannelNobodyElseHasAreNamedAndAreNotLost() throws Exception {
        UNWOUND.set(0);
        try (Heddle heddle = Heddle.open(Model.GREEN)) {
            Channel<Integer> held = heddle.channel(0);
            long wakeable = heddle.start(() -> held.receive()).id();
            long leakedReceiver = leakReceiver(heddle);
            long leakedSender = leakSender(heddle);
            String dump = dumpOnce(3, heddle);
            assertThat(dump)
                    .contains("tasks: 3 live", "task " + wakeable + " waits")
                    .contains("tasks that nothing can wake any more, since nobody else has what they wait for: "
                            + leakedReceiver + ", " + leakedSender + System.lineSeparator());
            assertThat(tasks(heddle.dump())).as("the same again").isEqualTo(tasks(dump));

            held.send(1);
            assertThat(UNWOUND).as("the leaked ones are as they were").hasValue(0);
            heddle.shutdownNow();
        }
        assertThat(UNWOUND).as("and their code was unwound in the end").hasValue(2);
    }

    /** {@return a dump, made when so many tasks wait} One that is about to wait may count as parked before it is. */
    private String dumpOnce(int waiting, Heddle heddle) {
        eventually("all wait", () -> heddle.dump().split(" waits to ", -1).length - 1 == waiting);
        return heddle.dump();
    }

    /** {@return the part after the carriers, which come and go} */
    private static String tasks(String dump) {
        return dump.substring(dump.indexOf(System.lineSeparator() + "task "));
    }

    /** In methods of their own, so that no frame of the test's holds what is leaked. */
    private static long leakReceiver(Heddle heddle) {
        Channel<Integer> channel = heddle.channel(0);
        return heddle.start(() -> waitThenNote(() -> channel.receive())).id();
    }

    private static long leakSender(Heddle heddle) {
        Channel<Integer> channel = heddle.channel(0);
        return heddle.start(() -> waitThenNote(() -> channel.send(1))).id();
    }

    private static void waitThenNote(Code code) throws Exception {
        try {
            code.run();
        } finally {
            UNWOUND.incrementAndGet();
        }
    }

    @Test
    void whereNothingIsLeakedItSaysSo() throws Exception {
        try (Heddle heddle = Heddle.open(Model.GREEN)) {
            Channel<Integer> held = heddle.channel(0);
            heddle.start(() -> held.receive());
            assertThat(dumpOnce(1, heddle)).contains("tasks that nothing can wake any more: none");
            held.send(1);
        }
    }
}
