package dev.heddle.lab.live;

import dev.heddle.lab.measure.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.jr.ob.JSON;

/** A state of the workload as a line for people. */
public final class LiveText {
    private LiveText() {}

    /**
     * {@return that line}
     *
     * @param json the state, as {@link LiveRun#next} tells it
     */
    public static String line(String json) {
        Map<String, Object> state = JSON.std.mapFrom(json);
        Map<?, ?> stats = (Map<?, ?>) state.getOrDefault("stats", Map.of());
        List<String> parts = new ArrayList<>();
        parts.add("%s  processors %d  tasks %d  cpu %d%%  lock %s"
                .formatted(
                        state.get("model"),
                        number(stats, "processors"),
                        number(state, "tasks"),
                        number(state, "cpu"),
                        number(state, "lockMillis") == 0 ? "off" : number(state, "lockMillis") + " ms"));
        parts.add(String.valueOf(state.get("workload")));
        parts.add("%s/s  p50 %s  p99 %s  max %s"
                .formatted(
                        Units.count(number(state, "throughput")),
                        Units.time((double) number(state, "p50Nanos")),
                        Units.time((double) number(state, "p99Nanos")),
                        Units.time((double) number(state, "maxNanos"))));
        parts.add("running %d  runnable %d  parked %d  handoffs %d"
                .formatted(
                        number(stats, "running"),
                        number(stats, "runnable"),
                        number(stats, "parked"),
                        number(stats, "handoffs")));
        if (state.get("figures") instanceof Map<?, ?> figures) {
            figures.forEach(
                    (name, value) -> parts.add(name + " " + Units.count(number(figures, String.valueOf(name)))));
        }
        parts.add("CPUs busy " + state.get("cpus") + "%");
        Object said = state.getOrDefault("said", "");
        if (!said.equals("")) {
            parts.add(String.valueOf(said));
        }
        return String.join(" | ", parts);
    }

    private static long number(Map<?, ?> map, String name) {
        return map.get(name) instanceof Number number ? number.longValue() : 0;
    }
}
