package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Job;
import dev.heddle.Model;
import dev.heddle.Received;
import dev.heddle.Select;
import dev.heddle.Task;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs of tasks and channels that everybody knows: whoever writes one by the book gets what the book says. */
class ChannelProgramsTest extends ContractTest {
    /** A task that waits keeps its worker, which is a process. */
    private int fewer(int ifProcesses, int otherwise) {
        return model == Model.PROCESS ? ifProcesses : otherwise;
    }

    /** McIlroy's sieve: each prime is a task that passes on what it does not divide. */
    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(ints = {0, 1, Channel.UNLIMITED})
    void primeSieve(int capacity) throws Exception {
        int end = fewer(12, 120);
        List<Integer> primes = new ArrayList<>();
        try (Heddle heddle = open(options -> options.processors(2))) {
            Channel<Integer> numbers = heddle.channel(capacity);
            heddle.start(() -> {
                for (int i = 2; i < end; i++) {
                    numbers.send(i);
                }
                numbers.close();
            });
            Channel<Integer> in = numbers;
            while (in.receive(LONG) instanceof Received.Element<Integer>(Integer prime)) {
                primes.add(prime);
                Channel<Integer> from = in;
                Channel<Integer> out = heddle.channel(capacity);
                heddle.start(() -> {
                    for (int number : from) {
                        if (number % prime != 0) {
                            out.send(number);
                        }
                    }
                    out.close();
                });
                in = out;
            }
        }
        assertThat(primes)
                .isEqualTo(IntStream.range(2, end)
                        .filter(n -> IntStream.range(2, n).noneMatch(d -> n % d == 0))
                        .boxed()
                        .toList());
    }

    /** Each node of a binary tree is a task; a leaf sends its number up, an inner node the sum of what comes from below. */
    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(ints = {0, 1})
    void treeOfTasks(int capacity) throws Exception {
        int leaves = fewer(4, 64);
        try (Heddle heddle = open(options -> options.processors(2))) {
            // As in a heap: the children of node i are nodes 2 i and 2 i + 1, the root is node 1.
            List<Channel<Integer>> up = new ArrayList<>();
            for (int node = 0; node < 2 * leaves; node++) {
                up.add(heddle.channel(capacity));
            }
            for (int node = 1; node < 2 * leaves; node++) {
                Channel<Integer> to = up.get(node);
                int number = node - leaves;
                if (number >= 0) {
                    heddle.start(() -> to.send(number));
                } else {
                    Channel<Integer> left = up.get(2 * node);
                    Channel<Integer> right = up.get(2 * node + 1);
                    heddle.start(() -> {
                        Select<Integer> either =
                                new Select<Integer>().receive(left, sum -> sum).receive(right, sum -> sum);
                        to.send(either.await() + either.await());
                    });
                }
            }
            assertThat(up.get(1).receive()).isEqualTo(leaves * (leaves - 1) / 2);
        }
    }

    /** Each task waits for its right neighbour; the last one gets going what then runs back through all. */
    @Test
    void daisyChain() throws Exception {
        int tasks = fewer(4, 500);
        try (Heddle heddle = open(options -> options.processors(2))) {
            Channel<Integer> leftmost = heddle.channel(0);
            Channel<Integer> right = leftmost;
            for (int i = 0; i < tasks; i++) {
                Channel<Integer> to = right;
                Channel<Integer> from = heddle.channel(0);
                heddle.start(() -> to.send(1 + from.receive()));
                right = from;
            }
            right.send(0);
            assertThat(leftmost.receive()).isEqualTo(tasks);
        }
    }

    private record Tree(Tree left, int value, Tree right) implements Serializable {
        static Tree insert(Tree tree, int value) {
            if (tree == null) {
                return new Tree(null, value, null);
            }
            return value < tree.value
                    ? new Tree(insert(tree.left, value), tree.value, tree.right)
                    : new Tree(tree.left, tree.value, insert(tree.right, value));
        }

        static void walk(Tree tree, Channel<Integer> to) throws InterruptedException {
            if (tree != null) {
                walk(tree.left, to);
                to.send(tree.value);
                walk(tree.right, to);
            }
        }
    }

    /** Whether two trees of different shape hold the same, without building either list. */
    @Test
    void sameFringe() throws Exception {
        Tree up = null;
        Tree down = null;
        for (int i = 0; i < 50; i++) {
            up = Tree.insert(up, i);
            down = Tree.insert(down, 49 - i);
        }
        assertThat(same(up, down)).isTrue();
        assertThat(same(up, Tree.insert(down, 7))).isFalse();
    }

    private boolean same(Tree one, Tree other) throws Exception {
        Heddle heddle = heddle();
        List<Channel<Integer>> fringes = new ArrayList<>();
        List<Task<?>> walkers = new ArrayList<>();
        for (Tree tree : List.of(one, other)) {
            Channel<Integer> fringe = heddle.channel(0);
            fringes.add(fringe);
            walkers.add(heddle.start(() -> {
                Tree.walk(tree, fringe);
                fringe.close();
            }));
        }
        boolean same = true;
        Received<Integer> a;
        do {
            a = fringes.get(0).receive(LONG);
            same &= a.equals(fringes.get(1).receive(LONG));
        } while (a instanceof Received.Element);
        fringes.get(1).forEach(rest -> {}); // the walker is to come to its end
        for (Task<?> walker : walkers) {
            walker.join();
        }
        return same;
    }

    /** A server that several clients ask, each with a channel for its answer, until one says that it is enough. */
    @Test
    void requestsCarryAChannelForTheAnswer() throws Exception {
        try (Heddle heddle = open(options -> options.processors(fewer(3, 2)))) {
            Channel<Request> requests = heddle.channel(0);
            Channel<Boolean> quit = heddle.channel(0);
            Task<Integer> server = heddle.start(() -> {
                int[] served = {0};
                Select<Boolean> next = new Select<Boolean>()
                        .receive(requests, request -> {
                            request.answer.send(request.a + request.b);
                            return ++served[0] > 0;
                        })
                        .receive(quit, enough -> false);
                while (next.await()) {}
                return served[0];
            });
            List<Task<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Channel<Integer> answers = heddle.channel(1);
                clients.add(heddle.start(client(requests, answers, 100 * i)));
            }
            for (Task<Integer> client : clients) {
                assertThat(client.join()).as("right answers").isEqualTo(20);
            }
            quit.send(true);
            assertThat(server.join()).isEqualTo(40);
        }
    }

    private record Request(int a, int b, Channel<Integer> answer) implements Serializable {}

    private static Job<Integer> client(Channel<Request> requests, Channel<Integer> answers, int first) {
        return () -> {
            int right = 0;
            for (int i = 0; i < 20; i++) {
                requests.send(new Request(first, i, answers));
                right += answers.receive() == first + i ? 1 : 0;
            }
            return right;
        };
    }
}
