package dev.heddle.lab.live;

import dev.heddle.Heddle;
import dev.heddle.Sink;
import dev.heddle.Source;
import dev.heddle.Stats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.jr.ob.JSON;

/**
 * The process in which the workload of the live page runs: takes controls, a line each, and tells its state ten times a second, as a
 * line of JSON.
 *
 * <p>Three threads. One receives controls and queues them. One owns the heddle, as FIBER asks for, and takes controls from the queue
 * between naps in which fibers run. One tells the state, whatever the others are stuck in: under FIBER a hog keeps the owner from
 * every control until it ends, and that is to be seen.
 *
 * <p>Invariant: {@code session} changes, and is looked at by who tells the state, under the lock; so nobody looks at one whose shared
 * memory has gone.
 */
final class LiveChild {
    private static final Duration NAP = Duration.ofMillis(10);
    private static final long STATE_MILLIS = 100;

    /** Begins the line that asks for a recording. */
    static final String RECORD = "record ";

    private final Queue<Control> controls = new ConcurrentLinkedQueue<>();
    private final Sink<String> out;
    private final boolean isRecorded;
    private final long turns = LiveWork.turnsOfARound();
    private final Watched watched = new Watched();
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Session session;
    private Settings settings = Settings.first();
    private volatile String said = "";
    private final AtomicLong recordings = new AtomicLong();
    private long states;

    private LiveChild(Sink<String> out, boolean isRecorded) {
        this.out = out;
        this.isRecorded = isRecorded;
    }

    /** Runs until there are no more controls to come. */
    static void run(Source<String> in, Sink<String> out) {
        new LiveChild(out, false).serve(in);
    }

    /** The same, and a line may be {@link #RECORD} with the name of a file. */
    static void runRecorded(Source<String> in, Sink<String> out) {
        new LiveChild(out, true).serve(in);
    }

    private void serve(Source<String> in) {
        Thread.ofPlatform().daemon().name("live-owner").start(this::own);
        ScheduledExecutorService teller = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("live-state").factory());
        var _ = teller.scheduleWithFixedDelay(this::tell, STATE_MILLIS, STATE_MILLIS, TimeUnit.MILLISECONDS);
        for (String line : in) {
            if (line.startsWith(RECORD)) {
                record(Path.of(line.substring(RECORD.length())));
            } else {
                controls.add(Control.parse(line));
            }
        }
        teller.shutdownNow();
    }

    private void own() {
        try {
            while (true) {
                try (Session opened = open()) {
                    opened.tasks(settings.tasks());
                    serve(opened);
                    change(null);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable t) { // nobody else would tell
            t.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    private Session open() {
        Session opened = new Session(settings, isRecorded, turns, sentence -> said = sentence);
        change(opened);
        return opened;
    }

    private void record(Path file) {
        Session current;
        lock.lock();
        try {
            current = session;
        } finally {
            lock.unlock();
        }
        if (current == null) {
            return; // between two heddles
        }
        try {
            current.recording().writeTo(file); // workers may take their time, so not under the lock
            recordings.incrementAndGet();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void change(@Nullable Session next) {
        lock.lock();
        try {
            session = next;
            watched.forget();
        } finally {
            lock.unlock();
        }
    }

    /** Returns when another heddle is needed. */
    private void serve(Session current) throws InterruptedException {
        boolean another = false;
        while (!another) {
            Heddle.sleep(NAP);
            for (Control control = controls.poll(); control != null; control = controls.poll()) {
                moved(control);
                another = control.verb().opensAnother();
                if (another) {
                    break; // the rest is for the other one
                }
                current.apply(control);
            }
            current.tend();
        }
    }

    private void moved(Control control) {
        lock.lock();
        try {
            settings = settings.with(control);
            said = "";
        } finally {
            lock.unlock();
        }
    }

    private void tell() {
        Map<String, Object> state;
        lock.lock();
        try {
            Session current = session;
            if (current == null) {
                return; // between two heddles
            }
            state = state(current);
        } finally {
            lock.unlock();
        }
        try {
            out.send(JSON.std.asString(state));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it ends
        }
    }

    private Map<String, Object> state(Session current) {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("n", ++states);
        state.put("pid", ProcessHandle.current().pid());
        state.put("model", settings.model().name());
        state.put("cpu", settings.cpu());
        state.put("lockMillis", settings.lockMillis());
        state.put("tasksAsked", settings.tasks());
        state.put("tasks", current.present());
        state.putAll(watched.look(current.counts()));
        Stats stats = current.stats();
        Map<String, Object> runtime = new LinkedHashMap<>();
        runtime.put("processors", stats.processors());
        runtime.put("started", stats.started());
        runtime.put("completed", stats.completed());
        runtime.put("failed", stats.failed());
        runtime.put("running", stats.running());
        runtime.put("runnable", stats.runnable());
        runtime.put("parked", stats.parked());
        runtime.put("switches", stats.switches());
        runtime.put("steals", stats.steals());
        runtime.put("handoffs", stats.handoffs());
        runtime.put("osThreads", stats.osThreads());
        runtime.put("lockHolds", stats.lock().holds());
        runtime.put("lockForcedSwitches", stats.lock().forcedSwitches());
        runtime.put("lockMeanWaitNanos", stats.lock().meanWait().toNanos());
        state.put("stats", runtime);
        state.put("recordings", recordings.get());
        state.put("said", said);
        return state;
    }
}
