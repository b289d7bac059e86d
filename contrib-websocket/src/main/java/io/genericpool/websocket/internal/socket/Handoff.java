package io.genericpool.websocket.internal.socket;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Runs what must not run on a reader or a timer elsewhere; after the manager's close, when there is no elsewhere, here. */
public final class Handoff implements Executor {
    private final Executor executor;

    public Handoff(Executor executor) {
        this.executor = executor;
    }

    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }
}
