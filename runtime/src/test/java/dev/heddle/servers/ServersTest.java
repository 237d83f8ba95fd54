package dev.heddle.servers;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.internal.vthread.VirtualThreads;
import dev.heddle.testing.HeddleTest;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Has a green heddle, closes it after the test, and then finds no thread that was not there before. */
abstract class ServersTest extends HeddleTest {
    private Set<Thread> before;
    protected Heddle heddle;

    @BeforeEach
    final void openHeddle() {
        before = ownThreads();
        heddle = Heddle.builder(Model.GREEN).processors(2).open();
    }

    @AfterEach
    final void closeHeddleAndFindNoThreadLeft() {
        heddle.close();
        eventually("the carriers have ended", () -> heddle.stats().osThreads() == 0);
        eventually("no thread is left", () -> before.containsAll(ownThreads()));
    }

    /** Platform threads, but for those that the JVM starts for itself, and the one timer thread of all heddles. */
    private static Set<Thread> ownThreads() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(
                thread -> thread.getThreadGroup() != group || thread.getName().equals("heddle-timers"));
        return threads;
    }

    /** {@return whether the calling thread is a green one of the heddle} */
    protected final boolean onHeddle() {
        Thread me = Thread.currentThread();
        return me.isVirtual() && VirtualThreads.ownerOf(me) == heddle;
    }
}
