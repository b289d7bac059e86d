package io.genericpool.tcp.internal.wire;

import io.genericpool.support.PoolThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Waits until sockets are ready, with one thread for all of a manager's. The thread exists while there is a socket to wait
 * for or something to do, and a second longer; so a manager has nothing to close, and one whose connects are all immediate
 * never has a thread.
 *
 * <p>What belongs to the selector (keys, their interest, their actions) is touched by that thread only; others hand it
 * tasks. Tasks and actions are this package's own and never wait.
 */
public final class IoLoop {
    private static final long LINGER_MILLIS = 1_000;

    private final ThreadFactory threads;
    private final ReentrantLock lock = new ReentrantLock();
    /** Under the lock. */
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    /** Under the lock; null when there is no thread. */
    private @Nullable Selector selector;

    private volatile @Nullable Thread thread;

    public IoLoop(String threadName) {
        threads = PoolThreads.named(threadName);
    }

    /**
     * Runs a task on the loop's thread: at once when called there, else as soon as possible.
     *
     * @throws UncheckedIOException when the loop has no thread and cannot have one; the task will not run
     */
    public void execute(Runnable task) {
        if (Thread.currentThread() == thread) {
            task.run();
            return;
        }
        lock.lock();
        try {
            if (selector == null) {
                selector = start();
            } else {
                selector.wakeup();
            }
            tasks.add(task);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs a task like {@link #execute}, after keys were cancelled. The selector drops those in its next select only, and
     * until then they look like sockets to wait for: on the loop's own thread, too, that select must end at once, or one
     * without a timeout would begin with nothing left to wait for, and the thread stay for ever.
     */
    void executeAfterCancel(Runnable task) {
        execute(task);
        lock.lock();
        try {
            if (selector != null) {
                selector.wakeup();
            }
        } finally {
            lock.unlock();
        }
    }

    /** On the loop's thread: the selector to register with. */
    Selector selector() {
        lock.lock();
        try {
            if (selector == null) {
                throw new IllegalStateException("the loop has ended");
            }
            return selector;
        } finally {
            lock.unlock();
        }
    }

    private Selector start() {
        Selector opened;
        try {
            opened = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        boolean running = false;
        try {
            var started = threads.newThread(() -> runToTheEnd(opened));
            started.start();
            running = true;
            return opened;
        } finally {
            if (!running) {
                closeQuietly(opened);
            }
        }
    }

    /** However it ends, it leaves a loop that the next task starts anew: one that is dead but looks alive would be for good. */
    private void runToTheEnd(Selector own) {
        try {
            run(own);
        } catch (Throwable e) {
            abandon(own);
            report(e);
        }
    }

    private void run(Selector own) throws IOException {
        thread = Thread.currentThread();
        long lastWork = System.nanoTime();
        while (true) {
            boolean worked = runTasks();
            if (worked || !own.keys().isEmpty()) {
                lastWork = System.nanoTime();
            }
            boolean unused = Thread.interrupted(); // no select waits on an interrupted thread
            if (worked) {
                // A wake-up that comes while a select returns is lost, and with it the news of a
                // cancelled key, which looks like a socket to wait for until a select drops it.
                // Who cancels from another thread adds a task: so after tasks comes first a
                // select that does not wait.
                own.selectNow();
            } else {
                own.select(own.keys().isEmpty() ? LINGER_MILLIS : 0);
            }
            var ready = takeReady(own);
            ready.forEach(watch -> guarded(watch::fire));
            boolean idle = ready.isEmpty() && own.keys().isEmpty();
            if (idle && System.nanoTime() - lastWork >= TimeUnit.MILLISECONDS.toNanos(LINGER_MILLIS) && end(own)) {
                return;
            }
        }
    }

    private boolean runTasks() {
        boolean ran = false;
        for (Runnable task = next(); task != null; task = next()) {
            guarded(task);
            ran = true;
        }
        return ran;
    }

    private @Nullable Runnable next() {
        lock.lock();
        try {
            return tasks.poll();
        } finally {
            lock.unlock();
        }
    }

    /** A bug in one socket's action must not stop the others'. */
    private static void guarded(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) {
            report(e);
        }
    }

    /** To the handler that hears of uncaught exceptions; one of its own goes nowhere. */
    public static void report(Throwable failure) {
        try {
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, failure);
        } catch (Throwable e) {
            // No caller is left to tell.
        }
    }

    /** A copy, as actions may close sockets. */
    private static List<SelectorWatch> takeReady(Selector own) {
        var ready = watchesOf(own.selectedKeys());
        own.selectedKeys().clear();
        return ready;
    }

    private static List<SelectorWatch> watchesOf(Collection<SelectionKey> keys) {
        var watches = new ArrayList<SelectorWatch>(keys.size());
        for (SelectionKey key : keys) {
            watches.add((SelectorWatch) key.attachment());
        }
        return watches;
    }

    /** Unless there is something to do again, the thread ends; the next task starts another one. */
    private boolean end(Selector own) {
        lock.lock();
        try {
            if (!tasks.isEmpty()) {
                return false;
            }
            selector = null;
            thread = null;
        } finally {
            lock.unlock();
        }
        closeQuietly(own);
        return true;
    }

    /**
     * The loop or its selector is broken, and with it all waits: their sockets are closed, which those who wait are told.
     * Another thread does what was not done yet.
     */
    private void abandon(Selector own) {
        List<SelectorWatch> waiting = own.isOpen() ? watchesOf(own.keys()) : List.of();
        lock.lock();
        try {
            selector = null;
            thread = null;
            if (!tasks.isEmpty()) {
                selector = start();
            }
        } finally {
            lock.unlock();
            closeQuietly(own);
        }
        waiting.forEach(watch -> guarded(watch::close));
    }

    private static void closeQuietly(Selector selector) {
        try {
            selector.close();
        } catch (IOException e) {
            // There is nothing more to be done about it.
        }
    }
}
