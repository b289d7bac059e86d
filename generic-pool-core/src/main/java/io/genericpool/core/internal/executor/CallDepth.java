package io.genericpool.core.internal.executor;

import java.util.concurrent.ConcurrentHashMap;

/** How deep each thread is in calls of one kind. Threads that are in none leave no trace, as a thread-local would. */
public final class CallDepth {
    private final ConcurrentHashMap<Thread, Integer> depths = new ConcurrentHashMap<>();

    /** Before a call. @return how deep the current thread is now, 1 for the outermost call */
    public int enter() {
        return depths.merge(Thread.currentThread(), 1, Integer::sum);
    }

    /** After it. */
    public void leave() {
        depths.computeIfPresent(Thread.currentThread(), (thread, depth) -> depth == 1 ? null : depth - 1);
    }

    public int current() {
        return depths.getOrDefault(Thread.currentThread(), 0);
    }
}
