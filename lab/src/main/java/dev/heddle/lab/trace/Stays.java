package dev.heddle.lab.trace;

import dev.heddle.trace.Recording;
import dev.heddle.trace.TraceEvent.Kind;
import dev.heddle.trace.TraceEvent.Reason;
import java.util.HashMap;
import java.util.Map;

/** The stays of tasks on lanes, for forms that have a beginning and an end for each. */
final class Stays {
    private Stays() {}

    /** Told of each stay, in the order of the ends. */
    @FunctionalInterface
    interface Visitor {
        /**
         * @param begin when it began; 0 if before the recording did
         * @param end when it ended; the recording's end if later
         * @param task whose
         * @param lane where
         * @param reason why it ended; OTHER if it had not
         */
        void stay(long begin, long end, long task, int lane, Reason reason);
    }

    static void forEach(Recording recording, Visitor visitor) {
        Map<Integer, Integer> open = new HashMap<>(); // the MOUNT by the lane
        for (int i = 0; i < recording.size(); i++) {
            int lane = recording.lane(i);
            if (recording.kind(i) == Kind.MOUNT) {
                open.put(lane, i);
            } else if (recording.kind(i) == Kind.UNMOUNT) {
                Integer mount = open.remove(lane);
                long begin = mount == null ? 0 : recording.nanos(mount);
                visitor.stay(
                        begin,
                        recording.nanos(i),
                        recording.task(i),
                        lane,
                        recording.event(i).reason());
            }
        }
        open.values().stream()
                .sorted()
                .forEach(mount -> visitor.stay(
                        recording.nanos(mount),
                        recording.duration().toNanos(),
                        recording.task(mount),
                        recording.lane(mount),
                        Reason.OTHER));
    }
}
