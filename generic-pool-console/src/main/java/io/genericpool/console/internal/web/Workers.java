package io.genericpool.console.internal.web;

import io.genericpool.support.PoolThreads;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads that read requests and write answers, bounded in number. A peer that sends half a request or does not read
 * cannot keep one: reading and writing have a deadline, at which the thread is interrupted. An interrupt closes the socket
 * channel that the thread is blocked on, which is what ends the exchange.
 */
final class Workers implements Executor {
    private static final int MOST_THREADS = 48;
    private static final int MOST_QUEUED = 256;
    private static final ThreadLocal<Task> CURRENT = new ThreadLocal<>();

    private final ThreadPoolExecutor threads;
    private final Set<Task> running = ConcurrentHashMap.newKeySet();
    private final Thread watchdog;
    private final long request;
    private final long frame;

    /** The time that a request and that a frame may take, in nanoseconds. */
    Workers(long request, long frame) {
        this.request = request;
        this.frame = frame;
        threads = new ThreadPoolExecutor(
                MOST_THREADS,
                MOST_THREADS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_QUEUED),
                PoolThreads.daemons("pool-console-"));
        threads.allowCoreThreadTimeOut(true);
        watchdog = PoolThreads.named("pool-console-watchdog").newThread(this::watch);
        watchdog.start();
    }

    /** Throws when too many requests are queued; the server then closes the connection. */
    @Override
    public void execute(Runnable work) {
        threads.execute(new Task(work));
    }

    /** Gives the calling thread the time for one frame. */
    void beginFrame() {
        Task task = CURRENT.get();
        if (task != null) {
            task.begin(frame);
        }
    }

    /** The calling thread may take its time from now on. */
    void endFrame() {
        Task task = CURRENT.get();
        if (task != null) {
            task.end();
        }
    }

    private void watch() {
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(Math.min(request, frame) / 8); // a period, not a wait for something
                running.forEach(Task::check);
            }
        } catch (InterruptedException e) {
            running.forEach(Task::check);
        }
    }

    /** Interrupts all threads and waits a moment for their end. */
    void close() {
        watchdog.interrupt();
        threads.shutdownNow();
        try {
            watchdog.join(TimeUnit.SECONDS.toMillis(5));
            boolean ended = threads.awaitTermination(5, TimeUnit.SECONDS);
            assert ended : "workers of the console did not end";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Task implements Runnable {
        private final Runnable work;
        private @Nullable Thread thread;
        private long startedAt;
        private long allowed;
        private boolean timed;

        Task(Runnable work) {
            this.work = work;
        }

        @Override
        public void run() {
            thread = Thread.currentThread();
            begin(request);
            running.add(this);
            CURRENT.set(this);
            try {
                work.run();
            } finally {
                CURRENT.remove();
                running.remove(this);
                end();
            }
        }

        synchronized void begin(long time) {
            allowed = time;
            startedAt = System.nanoTime();
            timed = true;
        }

        /** Takes back an interrupt that came too late, so it hits nothing else. */
        synchronized void end() {
            if (timed && !threads.isShutdown()) {
                timed = false;
                boolean unused = Thread.interrupted();
            }
        }

        synchronized void check() {
            if (thread != null && timed && System.nanoTime() - startedAt > allowed) {
                thread.interrupt();
            }
        }
    }
}
