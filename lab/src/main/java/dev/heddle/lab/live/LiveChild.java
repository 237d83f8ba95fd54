package dev.heddle.lab.live;

import dev.heddle.Heddle;
import dev.heddle.Sink;
import dev.heddle.Source;
import dev.heddle.Stats;
import dev.heddle.lab.live.Control.Verb;
import dev.heddle.lab.timeline.Timeline;
import dev.heddle.lab.timeline.TimelineHtml;
import dev.heddle.trace.Recorder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.jr.ob.JSON;

/**
 * The process in which the workload of the live page runs: takes controls, a line each, and tells its state ten times a second, as a
 * line of JSON.
 *
 * <p>One thread receives controls and queues them. One owns the heddle, as FIBER asks for, and takes controls from the queue
 * between naps in which fibers run. One tells the state, whatever the others are stuck in: under FIBER a hog keeps the owner from
 * every control until it ends, and that is to be seen. A fourth makes a picture of the timeline twice a second, if that is recorded.
 *
 * <p>Invariant: {@code session} changes, and is looked at by who tells the state, under the lock; so nobody looks at one whose shared
 * memory has gone.
 */
final class LiveChild {
    private static final Duration NAP = Duration.ofMillis(10);
    private static final long STATE_MILLIS = 100;
    private static final long PICTURE_MILLIS = 500;

    /** How much of the timeline is shown, if there are not more events in it than this: a picture of some hundred kilobytes. */
    private static final Duration SHOWN = Duration.ofSeconds(1);

    private static final int MOST_EVENTS = 20_000;

    private final Queue<Control> controls = new ConcurrentLinkedQueue<>();
    private final Sink<String> out;
    private final long turns = Pace.turnsOfARound();
    private final Watched watched = new Watched();
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Session session;
    private Settings settings = Settings.first();
    private volatile String said = "";

    /** The four models beside each other, since somebody has asked for that; changes, too, are under the lock. */
    private @Nullable FourModels compared;

    /** The latest picture of the timeline, until it has been told; or null. */
    private final AtomicReference<@Nullable String> picture = new AtomicReference<>();

    private long states;

    private LiveChild(Sink<String> out) {
        this.out = out;
    }

    /** Runs until there are no more controls to come. */
    static void run(Source<String> in, Sink<String> out) {
        LiveChild child = new LiveChild(out);
        Thread.ofPlatform().daemon().name("live-owner").start(child::own);
        try (ScheduledExecutorService teller = every(STATE_MILLIS, "live-state", child::tell);
                ScheduledExecutorService painter = every(PICTURE_MILLIS, "live-timeline", child::paint)) {
            for (String line : in) {
                child.controls.add(Control.parse(line));
            }
            teller.shutdownNow();
            painter.shutdownNow();
        }
    }

    private static ScheduledExecutorService every(long millis, String name, Runnable what) {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
        var _ = thread.scheduleWithFixedDelay(what, millis, millis, TimeUnit.MILLISECONDS);
        return thread;
    }

    private void own() {
        Niceness.giveWay(); // those who take controls and tell the state are other threads
        try {
            while (true) {
                try (Session opened = open()) {
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

    private Session open() throws InterruptedException {
        FourModels all = compared;
        Settings now = all != null && all.isUnderWay() ? settings.under(all.model()) : settings;
        Session opened = new Session(now, turns, sentence -> said = sentence);
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
        while (true) {
            Heddle.sleep(NAP);
            for (Control control = controls.poll(); control != null; control = controls.poll()) {
                if (moved(control) || current.needsAnother(control)) {
                    return; // the rest is for the other one
                }
                current.apply(control);
            }
            boolean goesOn = current.tend();
            if (compare(current, goesOn) || !goesOn) {
                return;
            }
        }
    }

    /** {@return whether that ends a comparison} */
    private boolean moved(Control control) {
        lock.lock();
        try {
            settings = settings.with(control);
            said = "";
            boolean ends = compared != null && compared.isUnderWay();
            if (compared != null && ends) {
                compared.stop();
            } else if (control.verb() == Verb.COMPARE) {
                compared = new FourModels();
            }
            return ends;
        } finally {
            lock.unlock();
        }
    }

    /** Tells a comparison what there is; {@return whether it is the turn of another model} */
    private boolean compare(Session current, boolean goesOn) {
        lock.lock();
        try {
            if (compared == null || !compared.isUnderWay()) {
                return false;
            }
            if (!goesOn) {
                compared.standsStill(current);
                return true;
            }
            boolean over = compared.look(current);
            if (over && !compared.isUnderWay()) {
                said = compared.sentence();
            }
            return over;
        } finally {
            lock.unlock();
        }
    }

    /** Makes a picture of the timeline, which takes longer than who tells the state has time for. */
    private void paint() {
        Recorder recorder;
        lock.lock();
        try {
            recorder = session == null ? null : session.recorder();
        } finally {
            lock.unlock();
        }
        if (recorder == null) {
            return;
        }
        try {
            picture.set(TimelineHtml.data(Timeline.latest(recorder.recording(), SHOWN, MOST_EVENTS)));
        } catch (RuntimeException e) {
            said = "the timeline could not be made: " + e;
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
        state.put("model", current.model().name());
        state.put("workload", settings.workload().word());
        state.put("cpu", settings.cpu());
        state.put("lockMillis", settings.lockMillis());
        state.put("tasksAsked", settings.tasks());
        state.put("recording", settings.recorded() ? "on" : "off");
        state.put("tasks", current.present());
        state.put("figures", current.figures());
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
        if (compared != null) {
            state.put("compared", compared.told());
        }
        String drawn = picture.getAndSet(null);
        if (drawn != null && settings.recorded()) { // else it was under way when that was turned off
            state.put("timeline", drawn);
        }
        return state;
    }
}
