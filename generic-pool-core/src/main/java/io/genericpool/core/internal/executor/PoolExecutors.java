package io.genericpool.core.internal.executor;

import io.genericpool.core.internal.log.SafeLog;
import io.genericpool.spi.PoolClock;
import io.genericpool.support.PoolThreads;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Where a pool runs what must not run on its callers' threads. */
public final class PoolExecutors {
    private static final SafeLog LOG = SafeLog.of(PoolExecutors.class);

    private static final long IDLE_THREAD_SECONDS = 10;
    /** Each level takes about ten frames, besides those of the user's. */
    private static final int DEEPEST_COMPLETION = 16;

    private final String poolName;
    private final Executor connectExecutor;
    private final Executor completionExecutor;
    private final ExecutorService owned;
    private final ThreadFactory disposers;
    private final CallDepth completions = new CallDepth();

    /**
     * Takes the given executors; in the place of one that is null comes the pool's own, which is unbounded. Not the common
     * pool of the JVM: on a small machine that has one worker, and one dependent that blocks would stop all others.
     */
    public PoolExecutors(String poolName, @Nullable Executor connectExecutor, @Nullable Executor completionExecutor) {
        this.poolName = poolName;
        this.disposers = PoolThreads.named(poolName + "-dispose");
        this.owned = newExecutor(poolName);
        this.connectExecutor = connectExecutor == null ? owned : connectExecutor;
        this.completionExecutor = completionExecutor == null ? owned : completionExecutor;
    }

    public Executor connectExecutor() {
        return connectExecutor;
    }

    public Executor completionExecutor() {
        return completionExecutor;
    }

    /**
     * Disposals must run whatever refuses them: on the connect executor, else the completion executor, else a new thread. Throws
     * only when there is no thread, nor memory for one.
     */
    public Executor disposeExecutor() {
        return this::dispose;
    }

    private void dispose(Runnable task) {
        try {
            connectExecutor.execute(task);
        } catch (Throwable e) {
            LOG.debug("pool {}: the connect executor rejected a disposal", poolName, e);
            elsewhere(task);
        }
    }

    /**
     * Completions of futures: on the completion executor. One that runs tasks on the calling thread would nest a completion
     * in each release of a dependent, without end; beyond some depth the task goes to the connect executor instead.
     */
    public void complete(Runnable task) {
        int depth = completions.enter();
        try {
            (depth <= DEEPEST_COMPLETION ? completionExecutor : connectExecutor).execute(task);
        } finally {
            completions.leave();
        }
    }

    /**
     * What is due at some time, on the pool's own executor, whatever others were given: those may be full of the very calls
     * that a timeout is to end, may refuse, and may run a task on the calling thread, which would be the clock's.
     */
    public TimedSteps timedSteps(PoolClock clock) {
        return new TimedSteps(poolName, clock, owned, PoolThreads.named(poolName + "-due"));
    }

    /** As {@link #complete}; where the completion executor refuses, here is better than never. */
    public void completeSurely(Runnable task) {
        try {
            complete(task);
        } catch (Throwable e) {
            LOG.debug("pool {}: the completion executor rejected a task; it runs on the current thread", poolName, e);
            task.run();
        }
    }

    private void elsewhere(Runnable task) {
        try {
            completionExecutor.execute(task);
        } catch (OutOfMemoryError e) { // for a thread of its own there is no room either: it waits for its next turn
            throw e;
        } catch (Throwable e) {
            LOG.warn("pool {}: both executors rejected a disposal; it runs on a new thread", poolName);
            disposers.newThread(task).start();
        }
    }

    /** Lets the pool's own threads end; called when no call is in flight any more. */
    public void shutdown() {
        owned.shutdown();
    }

    private static ExecutorService newExecutor(String poolName) {
        return PoolThreads.newExecutor(poolName + "-worker-", PoolThreads.HAS_UNPINNED_VIRTUAL, IDLE_THREAD_SECONDS);
    }
}
