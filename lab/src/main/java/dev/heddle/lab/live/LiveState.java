package dev.heddle.lab.live;

import dev.heddle.Model;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.jr.ob.JSON;

/**
 * What the workload has told of itself.
 *
 * @param seconds when it was told
 * @param all what, see {@link LiveChild}, but for the timeline
 * @param timeline the picture that came with it, if one did
 */
record LiveState(
        double seconds, Map<String, Object> all, @Nullable String timeline) {
    /** {@return what that line of JSON says, which was told at that time} */
    static LiveState read(double seconds, String json) {
        Map<String, Object> all = new LinkedHashMap<>(JSON.std.mapFrom(json));
        Object timeline = all.remove("timeline");
        all.put("seconds", seconds); // as the page adds it
        return new LiveState(seconds, all, (String) timeline);
    }

    /** {@return it as a line of JSON} */
    String json() {
        return JSON.std.asString(all);
    }

    /** {@return whether a control has had its effect} */
    boolean is(Control control) {
        int value = control.value();
        return switch (control.verb()) {
            case MODEL -> model() == List.of(Model.values()).get(value);
            case WORKLOAD -> List.of(WorkKind.values()).get(value).word().equals(all.get("workload"));
            case PROCESSORS -> model() == Model.FIBER || number(stats(), "processors") == value;
            case TASKS -> number("tasksAsked") == value && number("tasks") == value;
            case CPU -> number("cpu") == value;
            case LOCK -> number("lockMillis") == value;
            case RECORDING -> (value == 1 ? "on" : "off").equals(all.get("recording"));
            default -> true; // done once, so there is nothing that stays
        };
    }

    /** {@return the number of that name, -1 if there is none} */
    long number(String name) {
        return number(all, name);
    }

    private Model model() {
        return Model.valueOf(String.valueOf(all.get("model")));
    }

    private Map<?, ?> stats() {
        return all.get("stats") instanceof Map<?, ?> stats ? stats : Map.of();
    }

    private static long number(Map<?, ?> map, String name) {
        return map.get(name) instanceof Number number ? number.longValue() : -1;
    }
}
