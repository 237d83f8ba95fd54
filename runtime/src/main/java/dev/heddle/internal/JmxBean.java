package dev.heddle.internal;

import dev.heddle.Heddle;
import dev.heddle.HeddleMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/** Shows a heddle by JMX. The one class that needs the module {@code java.management}, which a JVM may lack. */
final class JmxBean implements HeddleMXBean {
    private static final AtomicLong IDS = new AtomicLong();

    private final Heddle heddle;
    private final ObjectName name;

    private JmxBean(Heddle heddle, ObjectName name) {
        this.heddle = heddle;
        this.name = name;
    }

    /**
     * {@return the bean of a heddle, which other heddles of the same name do not hinder}
     *
     * @throws IllegalStateException if this JVM has no JMX
     */
    static JmxBean register(Heddle heddle) {
        try {
            JmxBean bean = new JmxBean(
                    heddle,
                    new ObjectName("dev.heddle:type=Heddle,name=" + ObjectName.quote(heddle.name()) + ",id="
                            + IDS.incrementAndGet()));
            ManagementFactory.getPlatformMBeanServer()
                    .registerMBean(new StandardMBean(bean, HeddleMXBean.class, true), bean.name);
            return bean;
        } catch (JMException e) {
            throw new IllegalStateException("heddle " + heddle.name() + " cannot be shown by JMX: " + e, e);
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "jmx(true) needs the module java.management, which this JVM lacks: add it to the image, or run with"
                            + " --add-modules java.management",
                    e);
        }
    }

    void unregister() {
        try {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
        } catch (JMException e) {
            System.getLogger("dev.heddle")
                    .log(System.Logger.Level.DEBUG, name + " was unregistered by somebody else", e);
        }
    }

    @Override
    public String getModel() {
        return heddle.model().name();
    }

    @Override
    public int getProcessors() {
        return heddle.processors();
    }

    @Override
    public void setProcessors(int n) {
        heddle.processors(n);
    }

    @Override
    public long getStarted() {
        return heddle.stats().started();
    }

    @Override
    public long getCompleted() {
        return heddle.stats().completed();
    }

    @Override
    public long getFailed() {
        return heddle.stats().failed();
    }

    @Override
    public long getRunning() {
        return heddle.stats().running();
    }

    @Override
    public long getRunnable() {
        return heddle.stats().runnable();
    }

    @Override
    public long getParked() {
        return heddle.stats().parked();
    }

    @Override
    public long getSwitches() {
        return heddle.stats().switches();
    }

    @Override
    public long getSteals() {
        return heddle.stats().steals();
    }

    @Override
    public long getHandoffs() {
        return heddle.stats().handoffs();
    }

    @Override
    public int getOsThreads() {
        return heddle.stats().osThreads();
    }

    @Override
    public long getLockHolds() {
        return heddle.stats().lock().holds();
    }

    @Override
    public long getLockWaits() {
        return heddle.stats().lock().waits();
    }

    @Override
    public long getLockDropRequests() {
        return heddle.stats().lock().dropRequests();
    }

    @Override
    public long getLockForcedSwitches() {
        return heddle.stats().lock().forcedSwitches();
    }

    @Override
    public long getLockHeldMillis() {
        return heddle.stats().lock().held().toMillis();
    }

    @Override
    public long getLockWaitedMillis() {
        return heddle.stats().lock().waited().toMillis();
    }

    @Override
    public String dump() {
        return heddle.dump();
    }
}
