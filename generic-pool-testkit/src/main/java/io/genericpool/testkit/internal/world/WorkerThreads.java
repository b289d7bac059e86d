package io.genericpool.testkit.internal.world;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** An executor that starts a daemon thread a task, and knows which of them still run: for calls that hang. */
final class WorkerThreads implements Executor {
    private final Set<Thread> live = ConcurrentHashMap.newKeySet();
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    @Override
    public void execute(Runnable task) {
        var thread = new Thread(() -> run(task), "testkit-worker-" + started.incrementAndGet());
        thread.setDaemon(true);
        live.add(thread);
        thread.start();
    }

    /** How many tasks have ended so far. */
    int ended() {
        return ended.get();
    }

    /** Whether every thread that still runs is in a wait that only the test can end. */
    boolean areQuiet(Predicate<Thread> waits) {
        return live.stream().allMatch(waits);
    }

    private void run(Runnable task) {
        try {
            task.run();
        } finally {
            ended.incrementAndGet();
            live.remove(Thread.currentThread());
        }
    }
}
