package io.genericpool.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * An executor that keeps its tasks until it is told to run them, on the thread that tells it to. What a task throws
 * comes out of that call. All methods may be called from any thread, and by the tasks themselves.
 */
public final class ManualExecutor implements Executor {
    /** More tasks in one go than any test has: tasks that keep submitting each other. */
    private static final int MAX_RUN = 10_000_000;

    private final List<Runnable> tasks = new ArrayList<>();
    private int rejections;
    private boolean rejectsAll;

    /** Makes an executor without tasks that accepts all. */
    public ManualExecutor() {}

    /**
     * Keeps a task.
     *
     * @param task what to run later
     * @throws RejectedExecutionException when told so by {@link #rejectNext} or {@link #rejectAll}
     */
    @Override
    public synchronized void execute(Runnable task) {
        Objects.requireNonNull(task, "task");
        if (rejectsAll || rejections > 0) {
            rejections = Math.max(0, rejections - 1);
            throw new RejectedExecutionException("rejected, as the test asked for");
        }
        tasks.add(task);
    }

    /**
     * Runs the oldest task.
     *
     * @return false when there was none
     */
    public boolean runNext() {
        return runNext(0);
    }

    /**
     * Runs one of the tasks, so that a test can try other orders than that of submission.
     *
     * @param index which one: 0 is the oldest; 0 or more
     * @return false when there are not so many
     * @throws IndexOutOfBoundsException when the index is negative
     */
    public boolean runNext(int index) {
        var task = take(index);
        if (task == null) {
            return false;
        }
        task.run();
        return true;
    }

    /**
     * Runs tasks, oldest first, until none is left, those that are submitted meanwhile included.
     *
     * @return how many were run
     * @throws IllegalStateException when there is no end to it
     */
    public int runAll() {
        int count = 0;
        while (runNext()) {
            if (++count > MAX_RUN) {
                throw new IllegalStateException("tasks submit tasks without an end");
            }
        }
        return count;
    }

    /**
     * Forgets the oldest task, as an executor does that is shut down.
     *
     * @return false when there was none
     */
    public boolean dropNext() {
        return take(0) != null;
    }

    /**
     * How many tasks wait.
     *
     * @return the number
     */
    public synchronized int pending() {
        return tasks.size();
    }

    /**
     * Rejects the next tasks.
     *
     * @param count how many, in place of what an earlier call left; 0 or more
     * @throws IllegalArgumentException when the number is negative
     */
    public synchronized void rejectNext(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("rejectNext must be at least 0, but is " + count);
        }
        rejections = count;
    }

    /**
     * Rejects all tasks, or no longer.
     *
     * @param rejects whether to reject
     */
    public synchronized void rejectAll(boolean rejects) {
        rejectsAll = rejects;
    }

    private synchronized @Nullable Runnable take(int index) {
        return index < tasks.size() ? tasks.remove(index) : null;
    }
}
