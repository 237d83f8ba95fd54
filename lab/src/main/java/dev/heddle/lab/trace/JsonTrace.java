package dev.heddle.lab.trace;

import dev.heddle.trace.Lane;
import dev.heddle.trace.Recording;
import dev.heddle.trace.TraceEvent;
import dev.heddle.trace.TraceEvent.Kind;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * A recording as JSON. It is one document, of which each line between the first and the last is one event, so that it can also be
 * read line by line.
 *
 * <pre>{@code
 * {"version": 1, "model": "GREEN", "start": "2026-11-27T06:00:00Z", "durationNanos": 5000, "lost": 0, "lanes": [...], "events": [
 * {"nanos": 0, "kind": "START", "task": 7, "lane": -1, "parent": 0, "name": "Primes"},
 * {"nanos": 10, "kind": "MOUNT", "task": 7, "lane": 1},
 * {"nanos": 90, "kind": "UNMOUNT", "task": 7, "lane": 1, "reason": "CHANNEL"}
 * ]}
 * }</pre>
 *
 * <p>{@code nanos}, {@code kind}, {@code task} and {@code lane} are those of {@link TraceEvent}; its {@code detail} has the name of what
 * it means: {@code parent}, {@code reason}, {@code waker}, {@code outcome}, {@code count}, {@code processor}, {@code waitedNanos}, {@code
 * heldNanos}, {@code channel}, {@code subscription} and {@code broadcast}, {@code pid}, {@code exitCode},
 * {@code stack}. That is an index into {@code "stacks"}, which comes before the events if there are any: lists of frames.
 */
final class JsonTrace {
    private JsonTrace() {}

    static void write(Recording recording, Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write("{\"version\": 1, \"model\": \"" + recording.model() + "\", \"start\": \"" + recording.start()
                    + "\", \"durationNanos\": " + recording.duration().toNanos() + ", \"lost\": " + recording.lost()
                    + ", \"lanes\": [");
            String separator = "";
            for (Lane lane : recording.lanes()) {
                out.write(separator + "{\"number\": " + lane.number() + ", \"name\": " + quoted(lane.name()) + "}");
                separator = ", ";
            }
            out.write("]");
            if (!recording.stacks().isEmpty()) {
                out.write(", \"stacks\": "
                        + recording.stacks().stream()
                                .map(stack -> stack.stream()
                                        .map(JsonTrace::quoted)
                                        .collect(Collectors.joining(", ", "[", "]")))
                                .collect(Collectors.joining(", ", "[", "]")));
            }
            out.write(", \"events\": [");
            for (int i = 0; i < recording.size(); i++) {
                out.write(i == 0 ? "\n" : ",\n");
                out.write(line(recording, recording.event(i)));
            }
            out.write("\n]}\n");
        }
    }

    private static String line(Recording recording, TraceEvent event) {
        String line = "{\"nanos\": " + event.nanos() + ", \"kind\": \"" + event.kind() + "\", \"task\": " + event.task()
                + ", \"lane\": " + event.lane() + detail(event);
        return event.kind() == Kind.START
                ? line + ", \"name\": " + quoted(recording.taskName(event.task())) + "}"
                : line + "}";
    }

    private static String detail(TraceEvent event) {
        return switch (event.kind()) {
            case MOUNT -> "";
            case UNMOUNT -> ", \"reason\": \"" + event.reason() + "\"";
            case SUBSCRIBE ->
                ", \"subscription\": " + TraceEvent.subscription(event.detail()) + ", \"broadcast\": "
                        + TraceEvent.broadcast(event.detail());
            case END -> ", \"outcome\": \"" + outcome(event.detail()) + "\"";
            default -> ", \"" + meaning(event.kind()) + "\": " + event.detail();
        };
    }

    /** {@return the word for a detail of END} */
    static String outcome(long detail) {
        return detail == TraceEvent.OK ? "OK" : detail == TraceEvent.FAILED ? "FAILED" : "CANCELLED";
    }

    /** {@return the word for what the detail means} */
    static String meaning(Kind kind) {
        return switch (kind) {
            case START -> "parent";
            case MOUNT -> "";
            case UNMOUNT -> "reason";
            case WAKE -> "waker";
            case END -> "outcome";
            case STEAL -> "count";
            case HANDOFF -> "processor";
            case LOCK_TAKEN -> "waitedNanos";
            case LOCK_DROPPED -> "heldNanos";
            case SEND, RECEIVE -> "channel";
            case WORKER_START -> "pid";
            case WORKER_EXIT -> "exitCode";
            case SUBSCRIBE -> "subscription";
            case STARTED_AT, WAITS_AT -> "stack";
        };
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
