package io.genericpool.jdbc;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes the executor on which drivers connect and connections are reset. Unbounded: a bound would let databases that hang
 * hold up the others; the pool's limits bound what is asked of it.
 */
final class JdbcThreads {
    /** Before JDK 24 a virtual thread that blocks in a synchronized method, as drivers do, holds its carrier. */
    static final boolean HAS_GOOD_VIRTUAL_THREADS = Runtime.version().feature() >= 24;

    private static final long KEEP_ALIVE_SECONDS = 5;

    private JdbcThreads() {}

    static ExecutorService newExecutor(String name, boolean virtual) {
        return virtual ? newVirtualExecutor(name) : newPlatformExecutor(name);
    }

    private static ExecutorService newPlatformExecutor(String name) {
        var count = new AtomicLong();
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    var thread = new Thread(task, name + "-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** By reflection, as the code runs on Java 17 too. The methods are taken from the public interface they belong to. */
    private static ExecutorService newVirtualExecutor(String name) {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> builderType = Class.forName("java.lang.Thread$Builder");
            builder = builderType.getMethod("name", String.class, long.class).invoke(builder, name + "-", 1L);
            Object factory = builderType.getMethod("factory").invoke(builder);
            return (ExecutorService) Executors.class
                    .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                    .invoke(null, factory);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("virtual threads are missing on " + Runtime.version(), e);
        }
    }
}
