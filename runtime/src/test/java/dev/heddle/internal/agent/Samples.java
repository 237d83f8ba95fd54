package dev.heddle.internal.agent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/** Code of all kinds, for {@link CheckpointsTest}, which executes it with and without checkpoints. */
@SuppressWarnings({"unused", "EmptyBlock"}) // by name
public final class Samples {
    static final int MANY = 1_000_000;

    private static int[] numbers = new int[100];

    static {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Integer.parseInt(Integer.toString(i * i));
        }
    }

    private Samples() {}

    // ---- short loops

    static long counts() {
        long sum = 0;
        for (int i = 0; i < MANY; i++) {
            sum += i ^ (sum << 1);
        }
        return sum;
    }

    static long countsDownLongs() {
        long sum = 0;
        for (long i = MANY; i-- > 0; ) {
            sum += i & 7;
        }
        return sum;
    }

    static long doesWhile() {
        double half = 1;
        int n = 0;
        do {
            half = half / 2 + 1;
            n++;
        } while (n < MANY);
        return (long) (half * 1000) + n;
    }

    static long goesRoundInTwoWays() {
        int odd = 0;
        int i = 0;
        while (i < MANY) {
            if ((i++ & 1) == 0) {
                continue;
            }
            odd++;
        }
        return odd;
    }

    static long endsInside() {
        int i = 0;
        while (true) {
            if (i * 3 > MANY) {
                return i;
            }
            i++;
        }
    }

    static long catches() {
        long sum = 0;
        for (int i = 0; i < MANY; i++) {
            try {
                sum += 10 / (i % 1000);
            } catch (ArithmeticException e) {
                sum -= 1;
            }
        }
        return sum;
    }

    static long callsOwnOnes() {
        long sum = 0;
        for (int i = 0; i < MANY; i++) {
            sum += half(i) + Math.abs(i) + Integer.bitCount(i);
        }
        return sum;
    }

    static long half(int of) {
        return of / 2;
    }

    // ---- loops that have one at each iteration

    static long allocates() {
        long sum = 0;
        for (int i = 0; i < 1000; i++) {
            sum += new int[i].length;
        }
        return sum;
    }

    static long callsOthers() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            text.append(i);
        }
        return text.length();
    }

    static long nests() {
        long sum = 0;
        for (int i = 0; i < 1000; i++) {
            for (int j = 0; j < 10; j++) {
                sum += (long) i * j;
            }
            if (i % 3 == 0) {
                continue;
            }
            sum ^= i;
        }
        return sum;
    }

    static long leavesTwoLoops() {
        long sum = 0;
        out:
        for (int i = 0; ; i++) {
            for (int number : numbers) {
                sum += number;
                if (sum > 100_000_000) {
                    break out;
                }
                if (number % 7 == i % 7) {
                    continue out;
                }
            }
        }
        return sum;
    }

    static long synchronizes() {
        Object lock = new Object();
        long sum = 0;
        for (int i = 0; i < 1000; i++) {
            synchronized (lock) {
                sum += i;
            }
        }
        return sum;
    }

    static synchronized long loopsInSynchronized() {
        long sum = 0;
        synchronized (numbers) {
            do {
                sum += sum % 3 + 1;
            } while (sum < MANY);
        }
        return sum;
    }

    static long looksAtAll() {
        List<Integer> list = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            list.add(i);
        }
        long sum = 0;
        for (int i : list) {
            sum += i;
        }
        return sum;
    }

    static long retries() {
        int failures = 0;
        while (true) {
            try {
                if (failures < 1000) {
                    throw new IllegalStateException();
                }
                return failures;
            } catch (IllegalStateException e) {
                failures++;
            } finally {
                failures += numbers[0];
            }
        }
    }

    static long switches() {
        long sum = 0;
        for (String word : new String[] {"a", "bb", "ccc", "a", "bb"}) {
            sum += switch (word) {
                case "a" -> 1;
                case "bb" -> {
                    long many = 0;
                    while (many < 100) {
                        many += word.length();
                    }
                    yield many;
                }
                default -> numbers.length;
            };
        }
        return sum;
    }

    static long addsOnTheStack() {
        return 7 + half(3) * loopOf(Math.min(switchOf(5) + switchOf(6), 100));
    }

    private static int switchOf(int i) {
        return 3
                + switch (i) {
                    case 5 -> {
                        int sum = 0;
                        for (int k = 0; k < 100; k++) {
                            sum += k;
                        }
                        yield sum;
                    }
                    default -> i;
                };
    }

    private static long loopOf(int n) {
        long sum = 0;
        for (int i = n; i >= 0; i--) {
            sum += i;
        }
        return sum;
    }

    // ---- methods

    static long callsItself() {
        return fibonacci(15);
    }

    static long fibonacci(int n) {
        return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
    }

    static long callsNobody() {
        int x = numbers.length;
        return Math.max(x * 31, Long.hashCode(x));
    }

    static long constructs() {
        return new Derived(20).all.length() + new Pair(3, 4).sum() + Kind.LARGE.times(3);
    }

    static long throughLambdas() {
        int[] captured = {1};
        LongSupplier more = () -> {
            long sum = 0;
            for (int i = 0; i < 1000; i++) {
                sum += String.valueOf(captured[0]++).length();
            }
            return sum;
        };
        return more.getAsLong() + Arrays.stream(numbers).filter(n -> n % 2 == 0).sum();
    }

    static long throughInterface() {
        Shape shape = new Square(5);
        return shape.area() + shape.twice() + Shape.none();
    }

    static class Base {
        final String all;

        Base(String all) {
            this.all = all;
        }
    }

    static final class Derived extends Base {
        Derived(int n) {
            super(n > 10 ? "x".repeat(n) : join(n)); // before this, there is no object
        }

        private static String join(int n) {
            return "y".repeat(n);
        }
    }

    record Pair(int a, int b) {
        Pair {
            if (Math.abs(a) > 1000) {
                throw new IllegalArgumentException("a is " + a);
            }
        }

        long sum() {
            return (long) a + b + toString().length();
        }
    }

    enum Kind {
        SMALL,
        LARGE;

        int times(int n) {
            return (this == SMALL ? 0 : n) + name().length();
        }
    }

    interface Shape {
        long area();

        default long twice() {
            long sum = 0;
            for (int i = 0; i < 2; i++) {
                sum += area();
            }
            return sum;
        }

        static long none() {
            return "".hashCode();
        }
    }

    record Square(int side) implements Shape {
        @Override
        public long area() {
            return (long) side * side;
        }
    }
}
