package dev.heddle.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What programs compute in loops, for {@link CheckpointCost}: first what the compiler turns into vector instructions, or else gains
 * much by, then ordinary loops, then calls.
 */
@SuppressWarnings("unused") // called by name
public final class Computations {
    private static final int N = 100_000;
    private static final int SIDE = 96;

    private static final int[] INTS = new int[N];
    private static final int[] SMALL = new int[N];
    private static final double[] DOUBLES = new double[N];
    private static final double[] SUMS = new double[N];
    private static final byte[] BYTES = new byte[N];
    private static final byte[] COPY = new byte[N];
    private static final double[][] LEFT = new double[SIDE][SIDE];
    private static final double[][] RIGHT = new double[SIDE][SIDE];
    private static final double[][] PRODUCT = new double[SIDE][SIDE];
    private static final int[] CRC = new int[256];
    private static final List<Integer> LIST = new ArrayList<>();
    private static final Map<Integer, Integer> MAP = new HashMap<>();
    private static final Table TABLE = new Table(INTS);
    private static final int[] DIVISORS = {
        3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79
    };

    private static String text = "";
    private static Node list = new Node(0, null);

    static {
        Random random = new Random(42);
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < N; i++) {
            INTS[i] = random.nextInt(1_000_000);
            SMALL[i] = random.nextInt(1_000);
            DOUBLES[i] = random.nextDouble();
            letters.append((char) ('a' + random.nextInt(26)));
            LIST.add(INTS[i]);
            list = new Node(i, i % 5_000 == 0 ? null : list);
            if (i % 50 == 0) {
                MAP.put(INTS[i], i);
            }
        }
        random.nextBytes(BYTES);
        for (double[][] matrix : List.of(LEFT, RIGHT)) {
            for (double[] row : matrix) {
                Arrays.setAll(row, i -> random.nextDouble());
            }
        }
        for (int i = 0; i < CRC.length; i++) {
            int rest = i;
            for (int bit = 0; bit < 8; bit++) {
                rest = (rest & 1) != 0 ? (rest >>> 1) ^ 0xEDB88320 : rest >>> 1;
            }
            CRC[i] = rest;
        }
        text = letters.toString();
    }

    private Computations() {}

    private record Node(int value, @Nullable Node next) {}

    private static final class Table {
        private final int[] values;
        private int size;

        Table(int[] values) {
            this.values = values;
            this.size = values.length;
        }

        int size() {
            return size;
        }

        int get(int i) {
            return values[i];
        }

        int sum() {
            int sum = 0;
            for (int i = 0; i < size; i++) {
                sum += values[i];
            }
            return sum;
        }
    }

    // ---- vectors

    static long addVectors() {
        for (int i = 0; i < SUMS.length; i++) {
            SUMS[i] += 1e-9 * DOUBLES[i];
        }
        return (long) SUMS[7];
    }

    static long copyBytes() {
        for (int i = 0; i < BYTES.length; i++) {
            COPY[i] = BYTES[i];
        }
        return COPY[9];
    }

    static long dotProduct() {
        int sum = 0;
        for (int i = 0; i < INTS.length; i++) {
            sum += INTS[i] * SMALL[i];
        }
        return sum;
    }

    static long mapByMethod() {
        for (int i = 0; i < INTS.length; i++) {
            SMALL[i] = twice(INTS[i]);
        }
        return SMALL[3];
    }

    private static int twice(int value) {
        return value * 2 + 1;
    }

    static long maximum() {
        int most = 0;
        for (int value : INTS) {
            if (value > most) {
                most = value;
            }
        }
        return most;
    }

    static long multiplyMatrices() {
        for (int i = 0; i < SIDE; i++) {
            double[] row = PRODUCT[i];
            Arrays.fill(row, 0);
            for (int k = 0; k < SIDE; k++) {
                double factor = LEFT[i][k];
                double[] other = RIGHT[k];
                for (int j = 0; j < SIDE; j++) {
                    row[j] += factor * other[j];
                }
            }
        }
        return (long) PRODUCT[3][4];
    }

    static long convolveBy3() {
        double sum = 0;
        for (int y = 1; y < SIDE - 1; y++) {
            for (int x = 1; x < SIDE - 1; x++) {
                for (int dy = -1; dy <= 1; dy++) {
                    for (int dx = -1; dx <= 1; dx++) {
                        sum += LEFT[y + dy][x + dx];
                    }
                }
            }
        }
        return (long) sum;
    }

    static long boundByField() {
        return TABLE.sum();
    }

    static long boundByMethod() {
        Table table = TABLE;
        int sum = 0;
        for (int i = 0; i < table.size(); i++) {
            sum += table.get(i);
        }
        return sum;
    }

    // ---- other loops

    static long countByLong() {
        long sum = 0;
        for (long i = 0; i < N; i++) {
            sum += INTS[(int) i];
        }
        return sum;
    }

    static long divideByPrimes() {
        int found = 0;
        for (int candidate = 3; candidate < 6_000; candidate += 2) {
            if (isPrime(candidate)) {
                found++;
            }
        }
        return found;
    }

    private static boolean isPrime(int odd) {
        for (int divisor : DIVISORS) {
            if (divisor * divisor > odd) {
                return true;
            }
            if (odd % divisor == 0) {
                return false;
            }
        }
        return true;
    }

    static long checksum() {
        int sum = -1;
        for (byte b : BYTES) {
            sum = CRC[(sum ^ b) & 255] ^ (sum >>> 8);
        }
        return sum;
    }

    static long collatz() {
        long steps = 0;
        for (int i = 1; i < 2_000; i++) {
            for (long n = i; n != 1; n = (n & 1) == 0 ? n >> 1 : 3 * n + 1) {
                steps++;
            }
        }
        return steps;
    }

    static long followLinks() {
        int sum = 0;
        for (Node node = list; node != null; node = node.next) {
            sum += node.value;
        }
        return sum;
    }

    static long editDistance() {
        int n = 200;
        int[] before = new int[n + 1];
        int[] row = new int[n + 1];
        Arrays.setAll(before, i -> i);
        for (int i = 1; i <= n; i++) {
            row[0] = i;
            for (int j = 1; j <= n; j++) {
                int change = text.charAt(i) == text.charAt(1_000 + j) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], before[j]) + 1, before[j - 1] + change);
            }
            int[] swapped = before;
            before = row;
            row = swapped;
        }
        return before[n];
    }

    static long insertionSort() {
        int[] sorted = Arrays.copyOf(INTS, 500);
        for (int i = 1; i < sorted.length; i++) {
            int value = sorted[i];
            int j = i - 1;
            while (j >= 0 && sorted[j] > value) {
                sorted[j + 1] = sorted[j];
                j--;
            }
            sorted[j + 1] = value;
        }
        return sorted[10];
    }

    // ---- calls

    static long countLetters() {
        int found = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == 'e') {
                found++;
            }
        }
        return found;
    }

    static long sumList() {
        int sum = 0;
        for (int value : LIST) {
            sum += value;
        }
        return sum;
    }

    static long lookUp() {
        int found = 0;
        for (int i = 0; i < 20_000; i++) {
            if (MAP.get(INTS[i]) != null) {
                found++;
            }
        }
        return found;
    }

    static long appendText() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            all.append((char) ('a' + (i & 15)));
        }
        return all.length();
    }

    static long fibonacci() {
        return fibonacci(20);
    }

    private static int fibonacci(int n) {
        return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
    }

    static long quickSort() {
        int[] sorted = Arrays.copyOf(INTS, 10_000);
        quickSort(sorted, 0, sorted.length - 1);
        return sorted[100];
    }

    private static void quickSort(int[] all, int from, int to) {
        if (from >= to) {
            return;
        }
        int pivot = all[(from + to) >>> 1];
        int i = from;
        int j = to;
        while (i <= j) {
            while (all[i] < pivot) {
                i++;
            }
            while (all[j] > pivot) {
                j--;
            }
            if (i <= j) {
                int swapped = all[i];
                all[i++] = all[j];
                all[j--] = swapped;
            }
        }
        quickSort(all, from, j);
        quickSort(all, i, to);
    }

    static long sortByComparator() {
        Integer[] sorted = LIST.subList(0, 2_000).toArray(new Integer[0]);
        Arrays.sort(sorted, (a, b) -> Integer.compare(b, a));
        return sorted[10];
    }

    static long filterStream() {
        return Arrays.stream(INTS).filter(i -> (i & 7) == 3).map(i -> i * 3).sum();
    }
}
