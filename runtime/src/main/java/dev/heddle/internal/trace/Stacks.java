package dev.heddle.internal.trace;

import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where in users' code threads have been, each place kept once: so an event has the number of a stack, and not its frames.
 *
 * <p>A stack is the topmost {@link #DEPTH} frames that are neither Heddle's nor the JDK's. To walk it takes microseconds, for which
 * {@link dev.heddle.trace.Recorder#stacks} has to ask. Memory is bounded: beyond {@link #MOST} stacks no new ones are taken.
 *
 * <p>Safe for use by several threads: a stack is in the map before its number is in any event.
 */
final class Stacks {
    /** What {@link #here} says if there is no user's code, or no room. */
    static final int NONE = -1;

    private static final int DEPTH = 8;
    private static final int MOST = 1 << 14;

    private static final StackWalker WALKER = StackWalker.getInstance();

    private final Map<List<StackTraceElement>, Integer> numbers = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();

    /** {@return the number of the stack of the calling thread, or {@link #NONE}} */
    int here() {
        List<StackTraceElement> stack = WALKER.walk(frames -> frames.filter(Stacks::isUsers)
                .limit(DEPTH)
                .map(StackFrame::toStackTraceElement)
                .toList());
        Integer known = numbers.get(stack);
        if (known != null) {
            return known;
        }
        return stack.isEmpty() || count.get() >= MOST
                ? NONE
                : numbers.computeIfAbsent(stack, unknown -> count.getAndIncrement());
    }

    private static boolean isUsers(StackFrame frame) {
        String name = frame.getClassName();
        return !name.startsWith("java.")
                && !name.startsWith("jdk.")
                && !name.startsWith("dev.heddle.internal.")
                && !name.substring(0, name.lastIndexOf('.') + 1).equals("dev.heddle.");
    }

    /** {@return the frames of each, topmost first} Those that come meanwhile may be missing: they are of later events. */
    List<List<String>> texts() {
        Map<Integer, List<String>> texts = new HashMap<>();
        numbers.forEach((stack, number) ->
                texts.put(number, stack.stream().map(Stacks::text).toList()));
        List<List<String>> all = new ArrayList<>();
        for (int number = 0; number < count.get(); number++) {
            all.add(texts.getOrDefault(number, List.of()));
        }
        return all;
    }

    /** As in the trace of an exception, without module and loader of the class. */
    private static String text(StackTraceElement frame) {
        String file = frame.getFileName() == null ? "unknown source" : frame.getFileName();
        String line = frame.getLineNumber() < 0 ? "" : ":" + frame.getLineNumber();
        return frame.getClassName() + "." + frame.getMethodName() + "(" + file + line + ")";
    }
}
