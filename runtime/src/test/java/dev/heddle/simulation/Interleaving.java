package dev.heddle.simulation;

import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * One run of some actors, which are threads to the code that they run, in an order that {@link Choices} decide.
 *
 * <p>Problem: what a few threads do to a channel depends on who goes on when, and all cases are to be had, some ten thousand for
 * three operations. Rejected: OS threads that pass a baton, as for GREEN's scheduler, where a switch takes microseconds and one
 * run a good part of a millisecond; Lincheck 3.7, which does run on JDK 25, but whose park may end at any time, so that it sees
 * no lost wake-up, and whose clock stands, so that no wait times out. Approach: an actor is a {@link Coroutine}. Its code is that
 * of {@linkplain #classes rewritten classes}, where each access to what threads may share is a {@link #point}; there, and where
 * it parks, spins or ends, the choices decide who goes on.
 *
 * <p>Time is virtual. It stands while actors go on, and passes when one whose wait has a limit is chosen: to the end of that
 * wait. So a wait may time out before any access of the others, which is a preemption unless nobody else can go on.
 *
 * <p>Who spins is chosen again only if nobody else can go on, or by a preemption, or when another waits or ends.
 *
 * <p>What compiler and CPU may reorder cannot be seen in this way; jcstress is for that. All is done by one OS thread.
 */
public final class Interleaving {
    private static final long NEVER = Long.MAX_VALUE;

    private static final int MOST_POINTS = 100_000;

    /** How long one look of an actor that spins takes, if only such actors go on. */
    private static final long SPIN_NANOS = 1_000;

    private static Interleaving running;

    /** What is told about a run. */
    public interface Watch {
        /** Sees nothing. */
        Watch NOTHING = new Watch() {
            @Override
            public void parks(Object blocker) {}

            @Override
            public void atRest() {}
        };

        /**
         * The current actor parks, and another goes on.
         *
         * @param blocker what it waits for
         */
        void parks(Object blocker);

        /** Nobody can go on before time passes, if ever. */
        void atRest();
    }

    private enum State {
        READY,
        SPINS,
        PARKED,
        STOPPED,
        ENDED
    }

    private static final class Actor {
        final int number;
        final Coroutine coroutine;

        Thread thread;
        State state = State.READY;

        /** When it is ready again by itself. */
        long until = NEVER;

        /** That of {@link java.util.concurrent.locks.LockSupport#unpark}. */
        boolean permit;

        boolean interrupted;

        Actor(int number, Coroutine coroutine) {
            this.number = number;
            this.coroutine = coroutine;
        }

        void ready() {
            state = State.READY;
            until = NEVER;
        }
    }

    private final Choices choices;
    private final boolean everywhere;
    private final Watch watch;
    private final List<String> log;
    private final List<Actor> actors = new ArrayList<>();

    private Actor current;
    private long now;
    private int points;
    private Throwable failure;

    /**
     * @param choices decide all
     * @param everywhere whether another actor may go on before a plain access, too; not needed if locks guard these
     * @param watch is told
     * @param log gets what happens; null if nobody wants to know
     */
    public Interleaving(Choices choices, boolean everywhere, Watch watch, List<String> log) {
        this.choices = choices;
        this.everywhere = everywhere;
        this.watch = watch;
        this.log = log;
    }

    /**
     * {@return a loader of such classes}
     *
     * @param again the names of the classes that are loaded once more
     * @param rewritten those of them that are rewritten
     */
    public static ClassLoader classes(Predicate<String> again, Predicate<String> rewritten) {
        return new RewrittenClasses(again, rewritten, new InterleavedClasses(again).change());
    }

    /**
     * {@return a new program, which gives what its actors do, and whose text is how it came out}
     *
     * @param classes from {@link #classes}
     * @param type its class, as it was loaded by the test
     */
    @SuppressWarnings("unchecked") // that it is one is known of the class that was loaded by the test
    public static Supplier<List<Runnable>> program(
            ClassLoader classes, Class<? extends Supplier<List<Runnable>>> type) {
        try {
            Constructor<?> constructor = classes.loadClass(type.getName()).getDeclaredConstructor();
            constructor.setAccessible(true); // to the JVM this is another package
            return (Supplier<List<Runnable>>) constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    // ---- a run

    /**
     * Runs actors until all have ended, or those that have not can never go on.
     *
     * @param codes what each does
     * @throws Throwable what one of them has thrown
     */
    public void run(List<Runnable> codes) throws Throwable {
        for (Runnable code : codes) {
            int number = actors.size();
            actors.add(new Actor(number, new Coroutine(() -> begin(number, code))));
        }
        running = this;
        try {
            current = next();
            while (current != null && failure == null) {
                current.coroutine.goOn();
                if (current != null && current.state == State.ENDED && failure == null) {
                    current = next();
                }
            }
        } finally {
            running = null;
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void begin(int number, Runnable code) {
        Actor me = actors.get(number);
        me.thread = Thread.currentThread();
        try {
            note("begins");
            code.run();
            note("ends");
        } catch (Throwable t) { // the run has failed, whatever it is
            failure = t;
        }
        me.state = State.ENDED;
    }

    // ---- who is next

    private void atPoint(String where) {
        note(where);
        countPoint();
        long stop = choices.stop();
        if (stop > 0) {
            current.state = State.STOPPED;
            current.until = now + stop;
            note("is stopped, for so many ns:", stop);
            switchTo(next());
            return;
        }
        int others = countOthers();
        if (others > 0) {
            int pick = choices.preempt(others);
            if (pick > 0) {
                note("is preempted");
                switchTo(wakeUp(other(pick)));
            }
        }
    }

    private void countPoint() {
        if (++points > MOST_POINTS) {
            throw new AssertionError("does not end");
        }
    }

    private int countOthers() {
        int count = 0;
        for (Actor actor : actors) {
            if (actor != current && canGoOn(actor)) {
                count++;
            }
        }
        return count;
    }

    private Actor other(int pick) {
        for (Actor actor : actors) {
            if (actor != current && canGoOn(actor) && --pick == 0) {
                return actor;
            }
        }
        throw new IllegalArgumentException("so many do not go on");
    }

    /** Now, or when time has passed. */
    private static boolean canGoOn(Actor actor) {
        return actor.state == State.READY || actor.state == State.SPINS || actor.until != NEVER;
    }

    /** {@return who goes on, since the current one does not; null if nobody ever will} */
    private Actor next() {
        while (true) {
            List<Actor> ready = ready();
            if (!ready.isEmpty()) {
                List<Actor> later = new ArrayList<>();
                for (Actor actor : actors) {
                    if (actor.until != NEVER) {
                        later.add(actor);
                    }
                }
                int pick = later.isEmpty() ? 0 : choices.preempt(later.size());
                return wakeUp(pick > 0 ? later.get(pick - 1) : ready.get(choices.choose(ready.size())));
            }
            if (current != null && current.state == State.SPINS) {
                return wakeUp(current); // nobody else can
            }
            if (!isAny(State.STOPPED)) {
                watch.atRest();
            }
            long first = NEVER;
            for (Actor actor : actors) {
                first = Math.min(first, actor.until);
            }
            if (first == NEVER) {
                return null;
            }
            passTo(first);
        }
    }

    /** {@return who can go on, or, if all spin, has spun longer than the current one} */
    private List<Actor> ready() {
        boolean spins = current != null && current.state == State.SPINS;
        boolean any = isAny(State.READY);
        List<Actor> ready = new ArrayList<>();
        for (Actor actor : actors) {
            if (actor.state == State.READY || (actor.state == State.SPINS && actor != current && !(spins && any))) {
                ready.add(actor);
            }
        }
        return ready;
    }

    private boolean isAny(State state) {
        for (Actor actor : actors) {
            if (actor.state == state) {
                return true;
            }
        }
        return false;
    }

    private void passTo(long time) {
        now = Math.max(now, time);
        for (Actor actor : actors) {
            if (actor.until <= now) {
                actor.ready();
            }
        }
    }

    private Actor wakeUp(Actor actor) {
        if (actor.until != NEVER) {
            passTo(actor.until);
        }
        actor.ready();
        return actor;
    }

    private void switchTo(Actor next) {
        if (next != current) {
            current = next;
            Coroutine.pause();
            if (current.thread != Thread.currentThread()) {
                throw new IllegalStateException("an actor cannot be stopped here: it is pinned");
            }
        }
    }

    // ---- called by rewritten code

    /**
     * Another actor may go on here.
     *
     * @param where for the log: the place in the code, and what is accessed there
     */
    public static void point(String where) {
        if (running != null) {
            running.atPoint(where);
        }
    }

    /**
     * Another actor may go on here, if each access is to be a point.
     *
     * @param where as above
     */
    public static void plainPoint(String where) {
        if (running != null) {
            if (running.everywhere) {
                running.atPoint(where);
            } else {
                running.note(where);
            }
        }
    }

    /** As that of {@link java.util.concurrent.locks.LockSupport}. */
    public static void park(Object blocker) {
        running.park(blocker, NEVER);
    }

    /** As that of {@link java.util.concurrent.locks.LockSupport}. */
    public static void parkNanos(Object blocker, long nanos) {
        running.park(blocker, running.now + nanos);
    }

    private void park(Object blocker, long until) {
        atPoint("parks");
        Actor me = current;
        if (!me.permit && !me.interrupted && !choices.endsForNoReason()) {
            watch.parks(blocker);
            me.state = State.PARKED;
            me.until = until;
            switchTo(next());
        }
        me.permit = false;
        note("goes on");
    }

    /** As that of {@link java.util.concurrent.locks.LockSupport}. */
    public static void unpark(Thread thread) {
        if (thread != null) {
            Actor actor = running.actorOf(thread);
            running.atPoint("unparks an actor");
            running.wake(actor);
        }
    }

    private void wake(Actor actor) {
        note("wakes actor", actor.number);
        actor.permit = true;
        if (actor.state == State.PARKED) {
            actor.ready();
        }
    }

    private Actor actorOf(Thread thread) {
        for (Actor actor : actors) {
            if (actor.thread == thread) {
                return actor;
            }
        }
        throw new IllegalArgumentException(thread + " is no actor");
    }

    /** As that of {@link Thread}. */
    public static void interrupt(Thread thread) {
        interrupt(running.actorOf(thread).number);
    }

    /** As that of {@link Thread}. */
    public static boolean interrupted() {
        running.atPoint("reads whether it is interrupted");
        boolean was = running.current.interrupted;
        running.current.interrupted = false;
        return was;
    }

    /** As that of {@link Thread}. */
    public static void yield() {
        onSpinWait();
    }

    /** As that of {@link Thread}. */
    public static void onSpinWait() {
        running.spin();
    }

    private void spin() {
        note("spins");
        countPoint();
        current.state = State.SPINS;
        if (!isAny(State.READY)) {
            passTo(now + SPIN_NANOS);
        }
        switchTo(next());
    }

    /** As that of {@link System}. */
    public static long nanoTime() {
        return running.now;
    }

    /** As that of {@link Runtime} on a machine where it makes no sense to spin, so that what comes after that is had as well. */
    public static int availableProcessors(Runtime runtime) {
        return 1;
    }

    /** As that of {@link ReentrantLock}. */
    public static void lock(ReentrantLock lock) {
        if (running != null) {
            running.atPoint("locks");
            while (!lock.tryLock()) {
                onSpinWait();
            }
        } else {
            lock.lock();
        }
    }

    /** As that of a random generator; but all that it may return are had. */
    public static int nextInt(RandomGenerator random, int bound) {
        return running == null ? random.nextInt(bound) : running.choices.choose(bound);
    }

    // ---- for the actors themselves

    /** {@return the run in which the caller acts} */
    public static Interleaving current() {
        return Objects.requireNonNull(running);
    }

    /** {@return the number of the actor that goes on} */
    public int actor() {
        return current.number;
    }

    /** {@return the time} It passes only while an actor waits. */
    public long now() {
        return now;
    }

    /** {@return whether the current actor was interrupted and has not seen it} */
    public boolean isInterrupted() {
        return current.interrupted;
    }

    /**
     * Interrupts an actor.
     *
     * @param number counted from 0
     */
    public static void interrupt(int number) {
        running.atPoint("interrupts an actor");
        Actor actor = running.actors.get(number);
        actor.interrupted = true;
        running.wake(actor);
    }

    /**
     * Something has happened.
     *
     * @param what for the log
     */
    public void note(String what) {
        if (log != null) {
            log.add(now + " ns, actor " + (current == null ? "-" : current.number) + ": " + what);
        }
    }

    /**
     * Something has happened.
     *
     * @param what for the log
     * @param whatElse is put after it
     */
    public void note(String what, Object whatElse) {
        if (log != null) {
            note(what + " " + whatElse);
        }
    }
}
