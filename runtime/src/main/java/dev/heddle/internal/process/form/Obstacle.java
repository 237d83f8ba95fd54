package dev.heddle.internal.process.form;

import dev.heddle.Task;
import dev.heddle.internal.WrappedJob;
import dev.heddle.internal.process.form.Payload.Role;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamField;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds what keeps an object from being serialized, and the way from the object to it.
 *
 * <p>Problem: serialization only says the name of a class. Rejected: {@code -Dsun.io.serialization.extendedDebugInfo},
 * which only counts at the start of the JVM; an own walk through the fields, which cannot see into classes that are not
 * open. Approach: serialize once more with a stream that is shown every object in turn. The last one shown is the
 * obstacle; who holds it is found going back through those shown before, by looking into fields where that is allowed.
 * Only done when serialization has failed, so it may be slow.
 */
final class Obstacle {
    /** How deep to look into collections that are not shown. */
    private static final int REPLACED_DEPTH = 4;

    private final Object root;
    private final Role role;

    /** Every object in the order that serialization came by. */
    private final List<Object> seen = new ArrayList<>();

    private Obstacle(Object root, Role role) {
        this.root = root;
        this.role = role;
    }

    /**
     * Says what is in the way.
     *
     * @param root what could not be serialized
     * @param role what it is to the user
     * @param failure what serialization threw
     * @return a sentence with class, place and mend
     */
    static String sentence(Object root, Role role, IOException failure) {
        Obstacle obstacle = new Obstacle(root, role);
        if (obstacle.isFound()) {
            return obstacle.describe();
        }
        String reason = failure instanceof NotSerializableException ? failure.getMessage() : failure.toString();
        return role + " cannot be copied to another process: " + reason;
    }

    /** Serializes again. {@return whether the last object seen is one whose class is not serializable} */
    private boolean isFound() {
        try (Probe probe = new Probe()) {
            probe.writeObject(root);
            return false;
        } catch (IOException | RuntimeException e) {
            return !seen.isEmpty() && !(seen.getLast() instanceof Serializable);
        }
    }

    private final class Probe extends ObjectOutputStream {
        Probe() throws IOException {
            super(OutputStream.nullOutputStream());
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object object) {
            if (seen.isEmpty() || seen.getLast() instanceof Serializable) { // what follows belongs to the exception
                seen.add(object);
            }
            return object;
        }
    }

    // ---- the way to it

    /**
     * One step from a holder to what it holds.
     *
     * @param text how it continues a path; empty for a wrapper that the user has not made
     * @param name of the variable, field or element
     */
    private record Step(String text, String name) {
        static final Step NONE = new Step("", "");
        static final Step THIS = new Step(".this", "this");
    }

    /** {@return the steps from the root to the last object seen; the first is null if the way is only known in part} */
    private List<@Nullable Step> way() {
        if (!(seen.getFirst() instanceof SerializedLambda)) {
            seen.set(0, root); // what is written instead of it is not open to us
        }
        List<@Nullable Step> steps = new ArrayList<>();
        Object held = seen.getLast();
        for (int i = seen.size() - 2; i >= 0; i--) {
            Object holder = seen.get(i);
            Step step = step(holder, held);
            if (step != null && holder instanceof Object[] && i > 0 && seen.get(i - 1) instanceof SerializedLambda) {
                continue; // the array of captured variables: the lambda itself knows more
            }
            if (step != null) {
                if (step != Step.NONE) {
                    steps.addFirst(step);
                }
                held = holder;
            }
        }
        if (held != seen.getFirst()) {
            steps.addFirst(null);
        }
        return steps;
    }

    private @Nullable Step step(Object holder, Object held) {
        String inside = inside(holder, held, REPLACED_DEPTH);
        if (inside != null) {
            return new Step(inside, "element " + inside);
        }
        return holder instanceof SerializedLambda lambda ? captured(lambda, held) : field(holder, held);
    }

    private @Nullable Step captured(SerializedLambda lambda, Object held) {
        for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
            String rest = reach(lambda.getCapturedArg(i), held, REPLACED_DEPTH);
            if (rest != null) {
                CapturedVariable variable =
                        CapturedVariable.of(lambda, i, Thread.currentThread().getContextClassLoader());
                Step step = variable.isThis() ? Step.THIS : named(variable.name());
                return rest.isEmpty() ? step : named(variable.name() + rest);
            }
        }
        return null;
    }

    private static @Nullable Step field(Object holder, Object held) {
        for (Class<?> type = holder.getClass(); type != null; type = type.getSuperclass()) {
            ObjectStreamClass description = ObjectStreamClass.lookup(type);
            ObjectStreamField[] fields = description == null ? new ObjectStreamField[0] : description.getFields();
            for (ObjectStreamField field : fields) {
                String rest =
                        field.isPrimitive() ? null : reach(value(type, field.getName(), holder), held, REPLACED_DEPTH);
                if (rest != null) {
                    return isWrapper(holder) ? Step.NONE : fieldStep(field.getName() + rest);
                }
            }
        }
        return null;
    }

    /** A job that is not a Job is wrapped into one, which is not the user's business. */
    private static boolean isWrapper(Object holder) {
        return holder instanceof WrappedJob;
    }

    private static @Nullable Object value(Class<?> type, String name, Object holder) {
        try {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field.get(holder);
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            return null; // not open to us: the way is then only known in part
        }
    }

    /**
     * {@return how {@code held} is reached from {@code value}: empty if it is the same, null if not at all}
     *
     * <p>Lambdas and immutable collections are written as something else, and are not themselves shown to the probe.
     */
    private static @Nullable String reach(@Nullable Object value, Object held, int depth) {
        if (value == null || value == held) {
            return value == null ? null : "";
        }
        if (held instanceof SerializedLambda lambda && value.getClass().isHidden()) {
            String owner = lambda.getCapturingClass().replace('/', '.');
            return value.getClass().getName().startsWith(owner + "$$Lambda") ? "" : null;
        }
        return depth == 0 ? null : inside(value, held, depth - 1);
    }

    /** The same for what is in an array, or a collection or map of the JDK. */
    private static @Nullable String inside(Object holder, Object held, int depth) {
        if (holder instanceof Object[] array) {
            return inside(Arrays.asList(array), held, depth);
        }
        if (holder.getClass().getModule() != Object.class.getModule()) {
            return null;
        }
        if (holder instanceof Collection<?> collection) {
            int i = 0;
            for (Object element : collection) {
                String rest = reach(element, held, depth);
                if (rest != null) {
                    return "[" + i + "]" + rest;
                }
                i++;
            }
        } else if (holder instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                String rest = reach(entry.getValue(), held, depth);
                if (rest != null) {
                    return "[" + entry.getKey() + "]" + rest;
                }
                if (entry.getKey() == held) {
                    return "[key]";
                }
            }
        }
        return null;
    }

    /** An inner or local class has its enclosing instance, and the variables it captures, in fields of the compiler. */
    private static Step fieldStep(String name) {
        if (name.startsWith("this$")) {
            return Step.THIS;
        }
        String shown = name.startsWith("val$") ? name.substring("val$".length()) : name;
        return named(shown);
    }

    private static Step named(String name) {
        return new Step("." + name, name);
    }

    // ---- the sentence

    private String describe() {
        Object obstacle = seen.getLast();
        String type = obstacle.getClass().getName();
        List<@Nullable Step> way = way();
        String become = role == Role.JOB
                ? "make it a dev.heddle.Job or Action and pass it to start(...), or use Model.THREAD"
                : role.mend;
        if (way.isEmpty()) {
            return role + " is a " + (obstacle.getClass().isHidden() ? lambda(obstacle) : type)
                    + notSerializable(become);
        }
        Step first = way.getFirst();
        if (first == null) {
            Object top = isWrapper(root) && seen.size() > 2 ? seen.get(1) : root;
            return role + " is a " + top.getClass().getName() + " and holds " + type + notSerializable(become);
        }
        if (way.size() == 1 && first == Step.THIS) {
            return role + " uses a field or method of its enclosing object, a " + type
                    + notSerializable("copy what it needs into local variables first, or use Model.THREAD");
        }
        String mend = obstacle instanceof Task<?> ? "join it first and capture its result" : role.mend;
        String where = way.size() == 1
                ? first.name
                : "at " + role
                        + way.stream()
                                .map(step -> step == null ? "..." : step.text)
                                .collect(Collectors.joining());
        return role + " " + role.verb + " " + type + " " + where + notSerializable(mend);
    }

    private static String notSerializable(String mend) {
        return ", which is not Serializable: " + mend;
    }

    private static String lambda(Object lambda) {
        Class<?>[] interfaces = lambda.getClass().getInterfaces();
        return interfaces.length == 0 ? "lambda" : "lambda made for " + interfaces[0].getName();
    }
}
