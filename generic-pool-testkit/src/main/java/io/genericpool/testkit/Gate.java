package io.genericpool.testkit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * Holds calls of a {@link ScriptedManager} until a test opens the gate, like a server that does not answer. A gate is
 * closed at first. Once open, it stays open. Any thread may call all methods. A gate holds no thread for more than 60
 * s, so a forgotten gate ends a test instead of hanging it.
 */
public final class Gate {
    private static final long MAX_HOLD_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Thread> held = new HashSet<>();
    private final List<Runnable> actions = new ArrayList<>();
    private boolean open;
    private int entered;
    private int interrupts;

    /** Creates a closed gate. */
    public Gate() {}

    /**
     * Opens the gate for all current and later calls. The calling thread completes the stages that hang on this gate.
     */
    public void open() {
        List<Runnable> run;
        lock.lock();
        try {
            open = true;
            run = List.copyOf(actions);
            actions.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        run.forEach(Runnable::run);
    }

    /**
     * Tells whether the gate was opened.
     *
     * @return true from the first call of {@link #open}
     */
    public boolean isOpen() {
        lock.lock();
        try {
            return open;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The number of calls that have reached the gate so far.
     *
     * @return the number
     */
    public int entered() {
        lock.lock();
        try {
            return entered;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The number of interrupts and stage cancellations that the calls at this gate have seen.
     *
     * @return the number
     */
    public int interrupts() {
        lock.lock();
        try {
            return interrupts;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits, in real time, until the given number of calls have reached the gate.
     *
     * @param calls the number of calls, at least
     * @throws AssertionError when fewer have reached it after 20 s, or this thread is interrupted
     */
    public void awaitEntered(int calls) {
        await(() -> entered, calls, "calls at the gate");
    }

    /**
     * Waits, in real time, until the calls at this gate have seen the given number of interrupts or cancellations.
     *
     * @param count the number of interrupts or cancellations, at least
     * @throws AssertionError when they have seen fewer after 20 s, or this thread is interrupted
     */
    public void awaitInterrupted(int count) {
        await(() -> interrupts, count, "interrupts at the gate");
    }

    /**
     * Whether a thread stands before this gate and nothing has told it to go on.
     *
     * @param thread the thread
     * @return true until the gate opens or the thread is interrupted
     */
    public boolean holds(Thread thread) {
        lock.lock();
        try {
            return !open && held.contains(thread) && !thread.isInterrupted();
        } finally {
            lock.unlock();
        }
    }

    /** Blocks until the gate is open. */
    void pass(boolean honoursInterrupts) throws InterruptedException {
        boolean interrupted = false;
        long left = MAX_HOLD_NANOS;
        lock.lock();
        try {
            entered++;
            held.add(Thread.currentThread());
            changed.signalAll();
            while (!open) {
                if (left <= 0) {
                    throw new IllegalStateException("the gate was never opened");
                }
                try {
                    left = changed.awaitNanos(left);
                } catch (InterruptedException e) {
                    interrupts++;
                    interrupted = true;
                    changed.signalAll();
                    if (honoursInterrupts) {
                        throw e;
                    }
                }
            }
        } finally {
            held.remove(Thread.currentThread());
            lock.unlock();
            if (interrupted && !honoursInterrupts) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Runs an action when the gate opens, or now if it is open. */
    void whenOpen(Runnable action) {
        lock.lock();
        try {
            entered++;
            changed.signalAll();
            if (!open) {
                actions.add(action);
                return;
            }
        } finally {
            lock.unlock();
        }
        action.run();
    }

    void countInterrupt() {
        lock.lock();
        try {
            interrupts++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void await(IntSupplier actual, int expected, String what) {
        long left = RealWait.NANOS;
        lock.lock();
        try {
            while (actual.getAsInt() < expected) {
                if (left <= 0) {
                    throw new AssertionError(
                            "expected " + expected + " " + what + ", but there were " + actual.getAsInt());
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + expected + " " + what, e);
        } finally {
            lock.unlock();
        }
    }
}
