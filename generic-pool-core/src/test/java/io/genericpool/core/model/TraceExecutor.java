package io.genericpool.core.model;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Both executors of a pool in a trace: what they are given waits in one line until the step has ended. */
final class TraceExecutor {
    private static final int ENDLESS = 100_000;

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    boolean rejectsConnects;
    boolean rejectsCompletions;
    final Executor connects = task -> add(task, rejectsConnects);
    final Executor completions = task -> add(task, rejectsCompletions);

    private void add(Runnable task, boolean isRejected) {
        if (isRejected) {
            throw new RejectedExecutionException("by trace");
        }
        tasks.add(task);
    }

    /** Runs what waits, and what that leads to, in the order of submission. */
    void runAll() {
        int count = 0;
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
            if (++count > ENDLESS) {
                throw new AssertionError("tasks submit tasks without an end");
            }
        }
    }
}
