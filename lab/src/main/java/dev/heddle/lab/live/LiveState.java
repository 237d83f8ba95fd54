package dev.heddle.lab.live;

import dev.heddle.Model;
import java.util.List;
import java.util.Map;
import tools.jackson.jr.ob.JSON;

/**
 * What the workload has told of itself.
 *
 * @param seconds when it was told
 * @param json what, see {@link LiveChild}
 * @param all the same, read
 */
record LiveState(double seconds, String json, Map<String, Object> all) {
    LiveState(double seconds, String json) {
        this(seconds, json, JSON.std.mapFrom(json));
    }

    /** {@return whether a control has had its effect} */
    boolean is(Control control) {
        int value = control.value();
        return switch (control.verb()) {
            case MODEL -> model() == List.of(Model.values()).get(value);
            case PROCESSORS -> model() == Model.FIBER || number(stats(), "processors") == value;
            case TASKS -> number("tasksAsked") == value && number("tasks") == value;
            case CPU -> number("cpu") == value;
            case LOCK -> number("lockMillis") == value;
            case HOG, BLOCK, KILL -> true;
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
