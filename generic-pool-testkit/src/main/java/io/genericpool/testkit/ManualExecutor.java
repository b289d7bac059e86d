package io.genericpool.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * An executor that keeps its tasks until a test runs them, on the test's thread. An exception from a task leaves the
 * call that runs it. Any thread may call all methods, and so may the tasks themselves.
 */
public final class ManualExecutor implements Executor {
    /** More tasks in one go than any test has: tasks that keep submitting each other. */
    private static final int MAX_RUN = 10_000_000;

    private final List<Runnable> tasks = new ArrayList<>();
    private int rejections;
    private boolean rejectsAll;

    /** Creates an executor that has no tasks and accepts all. */
    public ManualExecutor() {}

    /**
     * Keeps a task for later.
     *
     * @param task the task
     * @throws RejectedExecutionException after {@link #rejectNext} or {@link #rejectAll}
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
     * Runs one of the tasks, which lets a test run them in another order than that of submission.
     *
     * @param index the index of the task; 0 is the oldest; 0 or more
     * @return false when there are fewer tasks
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
     * Runs tasks, oldest first, until none is left. This includes tasks submitted meanwhile.
     *
     * @return the number of tasks run
     * @throws IllegalStateException when the tasks do not come to an end
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
     * Drops the oldest task, like an executor that is shut down.
     *
     * @return false when there was none
     */
    public boolean dropNext() {
        return take(0) != null;
    }

    /**
     * The number of waiting tasks.
     *
     * @return the number
     */
    public synchronized int pending() {
        return tasks.size();
    }

    /**
     * Rejects the next tasks.
     *
     * @param count the number of tasks, replacing what is left of an earlier call; 0 or more
     * @throws IllegalArgumentException when the number is negative
     */
    public synchronized void rejectNext(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("rejectNext must be at least 0, but is " + count);
        }
        rejections = count;
    }

    /**
     * Starts or stops rejecting all tasks.
     *
     * @param rejects true to reject them
     */
    public synchronized void rejectAll(boolean rejects) {
        rejectsAll = rejects;
    }

    private synchronized @Nullable Runnable take(int index) {
        return index < tasks.size() ? tasks.remove(index) : null;
    }
}
