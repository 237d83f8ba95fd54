package dev.heddle.internal.vthread;

/**
 * Keeps the monitors of a thread that mounts virtual threads from getting into those.
 *
 * <p>Problem: JDK 25 notes the monitors that a thread holds in the thread's lock stack, and when a virtual thread unmounts, it
 * moves all of that stack into it. It counts on carriers not to hold any. But the owner of fibers is a carrier that may wait for
 * them inside of {@code synchronized}: a fiber that unmounts then takes the owner's monitors with it, and the next time that it is
 * mounted, whoever runs there enters them without looking whether another thread is inside. Rejected: to forbid it, since nobody
 * can tell whether a thread holds a monitor. Approach: the lock stack has room for eight. One more takes the place of the
 * oldest, which the JVM then keeps in the ordinary way, in the object. So whoever enters eight monitors of its own pushes all
 * others out.
 *
 * <p>To be used by one thread. Monitors that it enters later are in the lock stack again.
 */
public final class HeldMonitors {
    private final Object a = new Object();
    private final Object b = new Object();
    private final Object c = new Object();
    private final Object d = new Object();
    private final Object e = new Object();
    private final Object f = new Object();
    private final Object g = new Object();
    private final Object h = new Object();

    @SuppressWarnings("UnusedVariable") // without it the compiler could leave all out
    private int times;

    /** The monitors that the calling thread holds stay with it, whatever it mounts. */
    public void keep() {
        synchronized (a) {
            synchronized (b) {
                synchronized (c) {
                    synchronized (d) {
                        synchronized (e) {
                            synchronized (f) {
                                synchronized (g) {
                                    synchronized (h) {
                                        times++;
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
