package dev.heddle.internal.process.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.heddle.Job;
import dev.heddle.NotTransferableException;
import dev.heddle.internal.process.form.Payload.Role;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WorkerFilterTest {
    private static Object roundTrip(Object object) {
        return Payload.read(Payload.write(object, Role.RESULT), Role.RESULT, false);
    }

    @Test
    void valuesAndClassesOfTheApplicationPass() {
        for (Object value : List.of(
                1,
                "s",
                new int[100_000],
                new String[2000],
                new long[3][5],
                List.of(1, 2, 3),
                Map.of("k", List.of()),
                Collections.unmodifiableList(
                        new ArrayDeque<>(List.of(1)).stream().toList()),
                new HashMap<>(100_000),
                new LinkedHashSet<>(List.of("a")),
                new TreeMap<>(Map.of(1, 2)),
                new ConcurrentHashMap<>(Map.of(1, 2)),
                new EnumMap<>(Map.of(TimeUnit.DAYS, 1)),
                new BigDecimal("1.5"),
                Duration.ofDays(1),
                UUID.randomUUID(),
                new Own("x", List.of(new Own("y", List.of()))))) {
            assertThat(roundTrip(value)).isEqualTo(value);
        }
        assertThat(roundTrip(new PriorityQueue<>(List.of(3, 1)))).isInstanceOf(PriorityQueue.class);
        assertThat(roundTrip(new GregorianCalendar(TimeZone.getTimeZone("Europe/Berlin"))))
                .isNotNull();
        assertThat(roundTrip(new NoSuchFileException("f"))).isInstanceOf(NoSuchFileException.class);
        Job<Integer> job = () -> 4;
        assertThat(roundTrip(job)).isInstanceOf(Job.class);
    }

    record Own(String name, List<Own> parts) implements java.io.Serializable {}

    @Test
    void whatIsOfOtherModulesDoesNot() {
        assertThatThrownBy(() -> roundTrip(new javax.management.BadStringOperationException("x")))
                .isInstanceOf(NotTransferableException.class)
                .hasMessageContaining("result cannot be read in process")
                .hasMessageContaining("it is not allowed to come from a worker");
    }

    @Test
    void collectionsOfFewOrOfCheapElementsPass() {
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            all.add(new HashMap<>(Map.of("k", "v")));
            all.add(new LinkedHashSet<>(List.of(1)));
            all.add(new ArrayDeque<>(List.of(2)));
            all.add(identities(1));
            all.add(new HashMap<>(1 << 20, 0.01f));
        }
        Map<Object, Object> sparse = new HashMap<>(1, 0.01f);
        for (int i = 0; i < 100_000; i++) {
            sparse.put(i, null);
        }
        all.add(sparse);
        assertThat((List<?>) roundTrip(all)).hasSize(25_001);
        assertThat((IdentityHashMap<?, ?>) roundTrip(identities(100_000))).hasSize(100_000);
    }

    private static IdentityHashMap<int[], Object> identities(int n) {
        IdentityHashMap<int[], Object> map = new IdentityHashMap<>();
        for (int i = 0; i < n; i++) {
            map.put(new int[0], null);
        }
        return map;
    }

    @Test
    void arraysInArraysTakeNoMoreThanTheirBytesAllow() {
        Object[] inner = {};
        for (int i = 0; i < 400; i++) {
            inner = new Object[] {inner};
        }
        byte[] bytes = Arrays.copyOf(Payload.write(inner, Role.RESULT), 60_000);
        for (int i = 0; i + 4 < bytes.length; i++) {
            if (bytes[i] == 0 && bytes[i + 1] == 0 && bytes[i + 2] == 0 && bytes[i + 3] == 1) {
                bytes[i + 2] = (byte) 0xEA; // all say that they have 60,000 elements, the next array first
            }
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> Payload.read(bytes, Role.RESULT, false)).hasMessageContaining("REJECTED");
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(20 * bytes.length + (2 << 20));
    }

    @Test
    void anArrayCannotBeLongerThanItsBytes() {
        byte[] bytes = Payload.write(new Object[2], Role.RESULT);
        // The length of the array stands in the 4 bytes before its elements, which are two TC_NULL.
        bytes[bytes.length - 6] = 0x7f;
        assertThatThrownBy(() -> Payload.read(bytes, Role.RESULT, false)).hasMessageContaining("REJECTED");
    }
}
