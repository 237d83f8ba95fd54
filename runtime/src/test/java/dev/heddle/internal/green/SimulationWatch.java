package dev.heddle.internal.green;

import dev.heddle.internal.trace.Trace;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * What must hold in every simulated run, at each event and whenever time is about to pass. A wake-up that is lost is seen at
 * once, although the Monitor would make up for it a millisecond later.
 */
final class SimulationWatch implements SimulatedMachine.Watch {
    /** A look that sees a switch, one a nap later that sees none for a slice, and once more as long, not to be too exact. */
    private static final long LONGEST_STRETCH = 4 * GreenScheduler.SLICE_NANOS;

    /** In a run-next slot, until the Monitor looks, and once more a nap later. */
    private static final long LONGEST_BESIDE_IDLE = 2 * GreenScheduler.SLICE_NANOS;

    private static final long LONGEST_STOP = TimeUnit.MILLISECONDS.toNanos(1);

    private final SimulatedMachine machine;
    private final GreenScheduler scheduler;
    private final List<SimulatedTask> tasks;

    /** Whether there is always a spare carrier. */
    private final boolean carriersAbound;

    /** Who executes a task with which processor, by its number. */
    private final Map<Integer, Carrier> holders = new HashMap<>();

    /** Whose task lost its processor, how often. */
    private final Map<Integer, Integer> losses = new HashMap<>();

    /** How many processors may be in use, but for those of carriers that are not {@link #aware}. */
    private int bound;

    /** Carriers that have come back to scheduler code since the last resize, so that no dropped processor is left with them. */
    private final Set<Carrier> aware = new HashSet<>();

    private long mounts;

    /** Since when there has always been an idle processor, and a carrier for it. */
    private long idleSince = Long.MAX_VALUE;

    private boolean released;

    SimulationWatch(
            SimulatedMachine machine, GreenScheduler scheduler, List<SimulatedTask> tasks, boolean carriersAbound) {
        this.machine = machine;
        this.scheduler = scheduler;
        this.tasks = tasks;
        this.carriersAbound = carriersAbound;
        this.bound = scheduler.size();
    }

    // ---- events

    @Override
    public void recorded(Trace.Event event, long subject, long detail) {
        switch (event) {
            case MOUNT -> mounted(carrier(detail));
            case UNMOUNT -> {
                holders.values().remove(carrier(detail));
                aware.add(carrier(detail));
            }
            case HANDOFF -> {
                losses.merge((int) detail, 1, Integer::sum);
                Carrier holder = holders.get((int) subject);
                if (holder != null && holder.id == detail) {
                    holders.remove((int) subject);
                }
            }
            default -> {}
        }
    }

    private Carrier carrier(long id) {
        Carrier carrier = scheduler.carriers.find(machine.current());
        machine.require(
                carrier != null && carrier.id == id, () -> "an event of carrier " + id + " on another's thread");
        return carrier;
    }

    private void mounted(Carrier carrier) {
        mounts++;
        for (SimulatedTask task : tasks) {
            task.overtake();
            machine.require(
                    task.overtaken() <= task.mayBeOvertaken,
                    () -> task + " was overtaken " + task.overtaken() + " times");
        }
        hold(carrier);
    }

    private void hold(Carrier carrier) {
        Carrier other = holders.put(carrier.processor.id, carrier);
        machine.require(
                other == null,
                () -> "processor " + carrier.processor.id + " is used by carriers " + other.id + " and " + carrier.id);
        long most = holders.values().stream().filter(aware::contains).count();
        machine.require(most <= bound, () -> most + " tasks execute on " + bound + " processors");
    }

    /**
     * For a task that has blocked, and left its processor for that.
     *
     * @return to be called when it goes on: it may have a processor again, and no event says so
     */
    Runnable blocked() {
        Carrier carrier = scheduler.carriers.find(machine.current());
        int before = losses.getOrDefault(carrier.id, 0);
        return () -> {
            if (machine.current() == carrier.thread()
                    && losses.getOrDefault(carrier.id, 0) == before
                    && !holders.containsValue(carrier)) {
                machine.require(carrier.processor != null, () -> "a task that has blocked goes on without a processor");
                hold(carrier);
            }
        };
    }

    void resizes(int n) {
        bound = Math.max(bound, n);
    }

    void resized(int n) {
        bound = n;
        aware.clear();
    }

    void released() {
        released = true;
    }

    // ---- at rest

    @Override
    public void atRest() {
        long runnable = count(SimulatedTask.State.RUNNABLE);
        machine.require(
                scheduler.runnable() == runnable,
                () -> runnable + " tasks are runnable, " + scheduler.runnable() + " are queued");
        machine.require(
                scheduler.running() == holders.size(),
                () -> holders.size() + " carriers use processors, " + scheduler.running() + " are lent");
        machine.require(
                scheduler.searching() == 0,
                () -> "nobody searches, but " + scheduler.searching() + " are counted as searching");
        for (Processor processor : scheduler.processors().all()) {
            machine.require(
                    processor.idle != holders.containsKey(processor.id),
                    () -> "processor " + processor.id + (processor.idle ? " is idle and used" : " is lost"));
        }
        checkCarriers();
        checkMonitor();
        tasks.forEach(this::checkWait);
    }

    private void checkCarriers() {
        Processor[] all = scheduler.processors().all();
        boolean anyUsable = Arrays.stream(all).anyMatch(p -> p.idle && !p.dropped)
                && (scheduler.carriers.idle() > 0 || scheduler.carriers() < scheduler.carriers.limit);
        boolean anyWork = scheduler.globalSize() > 0 || scheduler.processors().anyQueued();
        machine.require(
                !(anyWork && anyUsable && machine.startsAll()),
                () -> "work waits beside an idle processor and nobody is woken");
        idleSince = anyUsable ? Math.min(idleSince, machine.now()) : Long.MAX_VALUE;
        machine.require(
                !(released && scheduler.carriers.idle() > 0), () -> "a carrier waits for work after the release");
    }

    /** While processors are in use the monitor looks at them again and again. */
    private void checkMonitor() {
        if (!holders.isEmpty()) {
            Optional<SimulatedThread> monitor = machine.thread(scheduler.name() + "-monitor");
            machine.require(
                    monitor.isPresent() && monitor.get().until - machine.now() <= GreenScheduler.SLICE_NANOS,
                    () -> "the monitor is "
                            + monitor.map(SimulatedThread::describe).orElse("not there"));
        }
    }

    private void checkWait(SimulatedTask task) {
        if (carriersAbound && machine.startsAll() && machine.longestStop <= LONGEST_STOP) {
            machine.require(
                    task.waited() <= LONGEST_STRETCH * (1 + task.overtaken()),
                    () -> task + " waits, and was overtaken " + task.overtaken() + " times");
        }
        machine.require(
                task.waited() <= LONGEST_BESIDE_IDLE
                        || sinceIdle() <= LONGEST_BESIDE_IDLE
                        || machine.longestStop > LONGEST_STOP
                        || !machine.startsAll(),
                () -> task + " waits beside an idle processor");
        machine.require(task.waited() <= task.mayWait, () -> task + " waits too long");
    }

    private long sinceIdle() {
        return idleSince == Long.MAX_VALUE ? 0 : machine.now() - idleSince;
    }

    private long count(SimulatedTask.State state) {
        return tasks.stream().filter(task -> task.is(state)).count();
    }

    /** After the run. */
    void atEnd() {
        machine.require(count(SimulatedTask.State.ENDED) == tasks.size(), () -> "tasks are lost");
        machine.require(scheduler.carriers() == 0, () -> scheduler.carriers() + " carriers are counted");
        machine.require(scheduler.runnable() == 0, () -> scheduler.runnable() + " are queued");
        machine.require(scheduler.running() == 0, () -> scheduler.running() + " run");
        machine.require(
                scheduler.switches() == mounts, () -> scheduler.switches() + " switches, but " + mounts + " mounts");
    }

    @Override
    public String describe() {
        return "tasks:\n  "
                + tasks.stream()
                        .filter(task -> !task.is(SimulatedTask.State.ENDED))
                        .map(Object::toString)
                        .collect(Collectors.joining("\n  "))
                + "\nprocessors:\n  "
                + Arrays.stream(scheduler.processors().all())
                        .map(p -> p.id + (p.idle ? " idle" : "") + (p.dropped ? " dropped" : "")
                                + (holders.containsKey(p.id) ? " used by carrier " + holders.get(p.id).id : "")
                                + ", queued " + p.queue.size() + (p.hasNext() ? " and one is next" : ""))
                        .collect(Collectors.joining("\n  "))
                + "\nqueued for all " + scheduler.globalSize() + ", carriers " + scheduler.carriers() + " of "
                + scheduler.carriers.limit + ", idle " + scheduler.carriers.idle() + ", searching "
                + scheduler.searching();
    }
}
