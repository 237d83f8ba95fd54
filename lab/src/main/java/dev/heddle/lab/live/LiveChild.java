package dev.heddle.lab.live;

import dev.heddle.Heddle;
import dev.heddle.Sink;
import dev.heddle.Source;
import dev.heddle.Stats;
import dev.heddle.lab.live.Control.Verb;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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

    private final Queue<Control> controls = new ConcurrentLinkedQueue<>();
    private final Sink<String> out;
    private final long turns = LiveWork.turnsOfARound();
    private final Watched watched = new Watched();
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Session session;
    private Settings settings = Settings.first();
    private volatile String said = "";
    private long states;

    private LiveChild(Sink<String> out) {
        this.out = out;
    }

    /** Runs until there are no more controls to come. */
    static void run(Source<String> in, Sink<String> out) {
        LiveChild child = new LiveChild(out);
        Thread.ofPlatform().daemon().name("live-owner").start(child::own);
        ScheduledExecutorService teller = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("live-state").factory());
        var _ = teller.scheduleWithFixedDelay(child::tell, STATE_MILLIS, STATE_MILLIS, TimeUnit.MILLISECONDS);
        for (String line : in) {
            child.controls.add(Control.parse(line));
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
        Session opened = new Session(settings, turns, sentence -> said = sentence);
        change(opened);
        return opened;
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
                another = control.verb() == Verb.MODEL || control.verb() == Verb.LOCK;
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
        state.put("said", said);
        return state;
    }
}
