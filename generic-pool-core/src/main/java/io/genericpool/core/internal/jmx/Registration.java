package io.genericpool.core.internal.jmx;

import io.genericpool.ConnectionPool;
import io.genericpool.core.internal.config.EndpointLabels;
import io.genericpool.core.jmx.PoolMXBean;
import java.lang.management.ManagementFactory;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanRegistrationException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/** A pool in the platform's MBean server, under a name that no other one has. */
public final class Registration implements Runnable {
    private static final int MOST_OF_ONE_NAME = 10_000;

    private final MBeanServer server;
    private final ObjectName name;

    private Registration(MBeanServer server, ObjectName name) {
        this.server = server;
        this.name = name;
    }

    /**
     * Registers a pool. The second pool of one name gets {@code instance=2}, and so on.
     *
     * @return ends the registration; more than once does no harm
     * @throws IllegalStateException when the server refuses
     */
    public static <E> Registration of(ConnectionPool<E, ?> pool, EndpointLabels<E> labels) {
        String poolName = pool.config().name();
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            var bean = new StandardMBean(new PoolBean<>(pool, labels), PoolMXBean.class, true);
            for (int instance = 1; instance <= MOST_OF_ONE_NAME; instance++) {
                ObjectName name = nameOf(poolName, instance);
                if (tryRegister(server, bean, name)) {
                    return new Registration(server, name);
                }
            }
        } catch (JMException | RuntimeException e) {
            throw new IllegalStateException("pool " + poolName + " cannot be registered with JMX: " + e, e);
        }
        throw new IllegalStateException(
                MOST_OF_ONE_NAME + " pools are registered with JMX as " + poolName + ": give each a name of its own");
    }

    private static boolean tryRegister(MBeanServer server, StandardMBean bean, ObjectName name) throws JMException {
        try {
            server.registerMBean(bean, name);
            return true;
        } catch (InstanceAlreadyExistsException e) {
            return false;
        }
    }

    private static ObjectName nameOf(String pool, int instance) throws JMException {
        return new ObjectName("io.genericpool:type=Pool,name=" + ObjectName.quote(pool)
                + (instance == 1 ? "" : ",instance=" + instance));
    }

    @Override
    public void run() {
        try {
            server.unregisterMBean(name);
        } catch (InstanceNotFoundException | MBeanRegistrationException | RuntimeException e) {
            // Another one has ended it, or the server refuses: the close of the pool goes on.
        }
    }
}
