package io.genericpool.support;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Threads that inherit nothing of the thread that happens to start them, on every JDK: no inheritable thread-locals, no
 * priority, no thread group, no access control context. Their context class loader is the one that the factory was made with,
 * which is that of the thread that built the pool or the manager: what user code finds does not depend on the first borrower.
 */
public final class PoolThreads {
    /** Whether virtual threads exist and hold no carrier while they block in {@code synchronized} code (JEP 491). */
    public static final boolean HAS_UNPINNED_VIRTUAL = Runtime.version().feature() >= 24;

    private static final ThreadGroup ROOT = rootGroup();

    private PoolThreads() {}

    /** Makes daemons of that name, with the context class loader of the thread that calls this. */
    public static ThreadFactory named(String name) {
        return named(name, Thread.currentThread().getContextClassLoader());
    }

    /** As {@link #named(String)}, with that context class loader: for threads that many pools share. */
    public static ThreadFactory named(String name, @Nullable ClassLoader contextLoader) {
        return task -> daemon(name, contextLoader, task);
    }

    /** Makes daemons named by the prefix and a number, with the context class loader of the thread that calls this. */
    public static ThreadFactory daemons(String prefix) {
        ClassLoader contextLoader = Thread.currentThread().getContextClassLoader();
        var number = new AtomicLong();
        return task -> daemon(prefix + number.incrementAndGet(), contextLoader, task);
    }

    /**
     * Makes virtual threads named by the prefix and a number, with the context class loader of the thread that calls this.
     * By reflection, as the code runs on Java 17 too; the methods are taken from the public interface they belong to.
     *
     * @throws IllegalStateException when this JVM has none
     */
    public static ThreadFactory virtuals(String prefix) {
        try {
            Class<?> builderType = Class.forName("java.lang.Thread$Builder");
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            builder = builderType.getMethod("name", String.class, long.class).invoke(builder, prefix, 1L);
            builder = builderType
                    .getMethod("inheritInheritableThreadLocals", boolean.class)
                    .invoke(builder, false);
            var factory = (ThreadFactory) builderType.getMethod("factory").invoke(builder);
            ClassLoader contextLoader = Thread.currentThread().getContextClassLoader();
            return task -> {
                Thread thread = factory.newThread(task);
                thread.setContextClassLoader(contextLoader);
                return thread;
            };
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("virtual threads are missing on " + Runtime.version(), e);
        }
    }

    /**
     * An executor without a bound, whose threads are of those above: a bound would let endpoints that hang hold up the others.
     *
     * @param prefix what the names of its threads begin with
     * @param keepAliveSeconds how long a platform thread without a task stays
     */
    public static ExecutorService newExecutor(String prefix, boolean virtual, long keepAliveSeconds) {
        if (!virtual) {
            return new ThreadPoolExecutor(
                    0,
                    Integer.MAX_VALUE,
                    keepAliveSeconds,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    daemons(prefix));
        }
        try {
            return (ExecutorService) Executors.class
                    .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                    .invoke(null, virtuals(prefix));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("virtual threads are missing on " + Runtime.version(), e);
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // the normal one, in place of what it would inherit
    private static Thread daemon(String name, @Nullable ClassLoader contextLoader, Runnable task) {
        Thread thread = withoutCallersContext(() -> new Thread(ROOT, task, name, 0, false));
        thread.setDaemon(true);
        thread.setPriority(Thread.NORM_PRIORITY);
        thread.setContextClassLoader(contextLoader);
        return thread;
    }

    /**
     * Up to JDK 23 a platform thread keeps the protection domains, and so the class loaders, of all code on the stack that made
     * it. Privileged code keeps its own only. Later JDKs may lack the class.
     */
    @SuppressWarnings("removal")
    private static Thread withoutCallersContext(PrivilegedAction<Thread> action) {
        try {
            return AccessController.doPrivileged(action);
        } catch (NoClassDefFoundError | NoSuchMethodError e) {
            return action.run();
        }
    }

    private static ThreadGroup rootGroup() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        for (ThreadGroup parent = group.getParent(); parent != null; parent = parent.getParent()) {
            group = parent;
        }
        return group;
    }
}
