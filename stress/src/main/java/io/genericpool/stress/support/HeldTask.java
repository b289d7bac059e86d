package io.genericpool.stress.support;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** An executor that keeps the first task for an actor to run, and runs every other one at once. */
public final class HeldTask implements Executor {
    private volatile @Nullable Runnable held;

    @Override
    public void execute(Runnable task) {
        if (held == null) {
            held = task;
        } else {
            task.run();
        }
    }

    public void run() {
        Runnable task = held;
        if (task == null) {
            throw new IllegalStateException("no task was handed over");
        }
        task.run();
    }
}
