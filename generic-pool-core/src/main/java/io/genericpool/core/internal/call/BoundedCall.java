package io.genericpool.core.internal.call;

import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.spi.PoolClock;
import io.genericpool.support.CauseChain;
import io.genericpool.support.Nanos;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One call of a manager that may take time, on the connect executor. When it overruns its timeout its thread is
 * interrupted, or its stage cancelled; when it overruns as long again it is abandoned. Exactly one of {@link #ended} and
 * {@link #abandoned} is called, without a lock; after {@code abandoned}, {@link #returnedLate} is called if it ever comes
 * back.
 *
 * <p>The small lock orders the end of the call with the interrupt, so that a thread of the executor is never interrupted
 * for a call it has left. The manager's code does not run under it.
 *
 * @param <T> the type of the result
 */
abstract class BoundedCall<T> implements Runnable {
    private enum State {
        QUEUED,
        RUNNING,
        STAGED,
        ENDED,
        ABANDONED,
        LATE
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final CallLedger ledger;
    final String operation;
    private final long timeout;

    /** Written under the lock. */
    private volatile State state = State.QUEUED;
    /** How often it was started: a timer of an earlier start, whose cancelling came too late, does nothing. */
    private int starts;

    private boolean isOverdue;
    /** When it was interrupted. */
    private long overdueAt;
    /** The call itself has taken the interrupt, and what belongs to it is still to be done. */
    private boolean completesOverdue;

    private boolean beganOverdue;
    private boolean hasBegun;
    /** It is being taken out of the books: an end that comes meanwhile is left to the thread that does so. */
    private volatile boolean abandoning;

    /** Its end is decided, and what follows from that is not done yet. */
    private volatile boolean isEnding;
    /** The thread that decides what follows from its end, which may run code of others about its slot. */
    private volatile @Nullable Thread ender;

    private @Nullable Runnable lateEnd;
    private @Nullable Thread runner;
    private @Nullable CompletionStage<?> stage;
    private PoolClock.@Nullable Timer timer;

    BoundedCall(CallLedger ledger, String operation, long timeout) {
        this.ledger = ledger;
        this.operation = operation;
        this.timeout = timeout;
    }

    /** The thread that hands the call to the executor, and what it runs afterwards; see {@link #start}. */
    private @Nullable Thread starter;

    private @Nullable Actions starterActions;
    /** When it was handed to the executor; written before {@link #isTimed}. */
    private long startedAt;

    private volatile boolean isTimed;
    private volatile boolean isOnExecutor;

    /** Does the call, or starts it and returns its stage as {@link Staged}. */
    abstract Object call() throws Exception;

    /**
     * What else belongs to the call: made of what it has given, on the executor's thread, and bounded by the same time.
     * Must not throw. Left out when the call was not made at all.
     */
    void complete(@Nullable T result, @Nullable Throwable failure) {}

    /** The slot that the call is about; null when it is in no books any more. */
    @Nullable
    Slot<?, ?> slot() {
        return null;
    }

    /** The call has ended in time, or at least before it was abandoned: with a result or with a failure. */
    abstract void ended(@Nullable T result, @Nullable Throwable failure, Actions actions);

    abstract void abandoned(TimeoutException why, Actions actions);

    /** An abandoned call has come back after all. Called once more when it throws: what is done must not be done twice. */
    abstract void returnedLate(@Nullable T result, Actions actions);

    /** Whether the call must be made even when its turn on the executor comes after its timeout. */
    boolean mustRun() {
        return false;
    }

    /** Whether a call that the executor refuses is to be started again later; it has not failed then. */
    boolean waitsWhenRefused() {
        return false;
    }

    /** Once: the call has ended, or the pool goes on without it, and what follows from that is decided. */
    void over(Actions actions) {}

    /** The call was not made, and is not wanted any more. */
    static final class Withdrawn extends CancellationException {
        private static final long serialVersionUID = 1L;
    }

    /** A result that comes by a stage. */
    static final class Staged {
        final CompletionStage<?> stage;

        Staged(CompletionStage<?> stage) {
            this.stage = stage;
        }
    }

    /**
     * Starts the timeout and hands the call to an executor. When that refuses, or runs it at once on this very thread, what
     * follows from its end is added to the given actions instead of being run inside them: a long queue of requests that
     * all fail like that takes one stack level.
     *
     * @return false when the executor has refused a call that waits until it accepts it: it is to be started again
     */
    boolean start(Executor executor, Actions actions) {
        starter = Thread.currentThread();
        ledger.add(this);
        starterActions = actions;
        try {
            startedAt = ledger.timers.now();
            isTimed = true;
            startTimerIfPossible();
            executor.execute(this);
        } catch (Throwable e) {
            if (waitsWhenRefused()) {
                return !stopTimerUnlessBegun();
            }
            refused(e);
        } finally {
            starterActions = null;
        }
        return true;
    }

    /** From now on a close knows of it, whether it has started or not. */
    final void enlist() {
        Slot<?, ?> slot = slot(); // I29: no call from the entry on, which tells the repair that the slot has an owner
        ledger.add(this);
        if (slot != null) {
            slot.deferred = null;
        }
    }

    /** Ends a call that has not started and is not to. */
    final void withdrawn(Actions actions) {
        starter = Thread.currentThread();
        starterActions = actions;
        try {
            refused(new Withdrawn());
        } finally {
            starterActions = null;
        }
    }

    /** The executor has thrown. If it has run the call before it did so, the call ends by itself. */
    private void refused(Throwable why) {
        boolean wasNotBegun;
        lock.lock();
        try {
            wasNotBegun = state == State.QUEUED;
            if (wasNotBegun) {
                state = State.RUNNING; // so that its turn, if it comes all the same, finds nothing to do
            }
        } finally {
            lock.unlock();
        }
        if (wasNotBegun) {
            finishSurely(null, why);
        }
    }

    /** The executor has refused a call that waits for another turn, in which its time begins anew. @return whether it waits */
    private boolean stopTimerUnlessBegun() {
        PoolClock.Timer stopped;
        lock.lock();
        try {
            if (state != State.QUEUED || hasBegun) {
                return false;
            }
            starts++;
            isOverdue = false;
            isTimed = false;
            stopped = timer;
            timer = null;
        } finally {
            lock.unlock();
        }
        if (stopped != null) {
            stopped.cancel();
        }
        return true;
    }

    /** A disposal without a bound is better than none. */
    private void startTimerIfPossible() {
        try {
            startTimer();
        } catch (Throwable e) {
            if (!mustRun()) {
                throw e;
            }
        }
    }

    private void startTimer() {
        if (!Nanos.isOff(timeout)) {
            int start = starts(); // not changed until this start has been refused
            keep(ledger.timers.scheduleSurely(() -> overran(start), timeout), false);
        }
    }

    private int starts() {
        lock.lock();
        try {
            return starts;
        } finally {
            lock.unlock();
        }
    }

    /** Keeps a timer to be cancelled at the end of the call, which may be over already. The clock is not called locked. */
    private void keep(PoolClock.Timer started, boolean isSecond) {
        boolean isNeeded;
        lock.lock();
        try {
            isNeeded = state != State.ENDED && state != State.LATE && (isSecond || timer == null);
            if (isNeeded) {
                timer = started;
            }
        } finally {
            lock.unlock();
        }
        if (!isNeeded) {
            started.cancel();
        }
    }

    @Override
    public void run() {
        Thread current = Thread.currentThread();
        lock.lock();
        try {
            if (hasBegun || (state != State.QUEUED && !(state == State.ABANDONED && mustRun()))) {
                return;
            }
            hasBegun = true;
            if (state == State.QUEUED) {
                state = State.RUNNING;
            }
            runner = current;
            beganOverdue = isOverdue;
            isOnExecutor = true;
        } finally {
            lock.unlock();
        }
        try {
            callAndEnd();
        } catch (Throwable e) {
            finishSurely(null, e); // unless it has ended
            throw e;
        }
    }

    private void callAndEnd() {
        boolean wasInterrupted = Thread.currentThread().isInterrupted();
        Object outcome = null;
        Throwable failure = null;
        try {
            outcome = call();
        } catch (Throwable e) {
            failure = e;
        }
        clearFlag(wasInterrupted);
        if (outcome instanceof Staged staged) {
            await(staged.stage);
        } else {
            completeAndFinish(resultOf(outcome), failure);
        }
    }

    private void completeAndFinish(@Nullable T result, @Nullable Throwable failure) {
        Throwable told = failure;
        try {
            boolean wasInterrupted = Thread.currentThread().isInterrupted();
            told = explained(failure);
            if (!isAbandoned()) {
                complete(result, told);
                clearFlag(wasInterrupted);
            }
        } finally {
            finishSurely(result, told);
        }
    }

    /** An error in the first attempt must not lose the end; a second one that comes after all finds nothing to do. */
    private void finishSurely(@Nullable T result, @Nullable Throwable failure) {
        try {
            finish(result, failure);
        } catch (Throwable e) {
            finish(result, failure);
            throw e;
        }
    }

    /** Whether it may yet lead to something: it waits for its turn, or is being made, or its end is being decided. */
    boolean isUnderWay() {
        lock.lock();
        try {
            return state == State.QUEUED || state == State.RUNNING || state == State.STAGED;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether a thread is at work on it, or on what follows from its end: its slot is in good hands. Without the lock, since it
     * is asked under that of the endpoint: the state is read first, and written last.
     */
    boolean isOwner() {
        State now = state;
        return now == State.QUEUED || now == State.RUNNING || now == State.STAGED || isEnding || abandoning;
    }

    /** It has ended, and so has what follows from that. */
    boolean hasReturned() {
        lock.lock();
        try {
            return !isEnding && (state == State.ENDED || state == State.LATE);
        } finally {
            lock.unlock();
        }
    }

    /** By a sweep, for a timer that was lost. */
    void endIfOverdue(long now) {
        if (Nanos.isOff(timeout) || !isTimed || !isUnderWay()) {
            return;
        }
        long late = now - startedAt - timeout;
        if (late >= CallLedger.GRACE && !isOverdue()) {
            overran(starts());
        } else if (late >= timeout + CallLedger.GRACE && now - interruptedAt() >= timeout + CallLedger.GRACE) {
            abandon();
        }
    }

    /** Once it is overdue. */
    private long interruptedAt() {
        lock.lock();
        try {
            return overdueAt;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A flag that the code of others leaves behind is not for the code that runs next on a thread of the executor. On the
     * thread that asked it stays: there it may be that thread's own.
     */
    final void clearFlag(boolean wasInterrupted) {
        if (wasInterrupted || isInline()) {
            return;
        }
        lock.lock();
        try {
            if (!isOverdue) { // else it may be the pool's own interrupt, which what follows must see
                Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isInline() {
        return starter == Thread.currentThread() && starterActions != null;
    }

    /** An interrupt that the call has left behind is none of what comes next; and what has overrun says so. */
    private @Nullable Throwable explained(@Nullable Throwable failure) {
        lock.lock();
        try {
            if (isOverdue && runner == Thread.currentThread()) {
                Thread.interrupted();
                completesOverdue = true;
            }
            return failure != null && isOverdue ? overrun(failure) : failure;
        } finally {
            lock.unlock();
        }
    }

    /** The end of a stage is dealt with by a thread of the executor: a close, or the timeout, may interrupt it. */
    private void resumed() {
        lock.lock();
        try {
            runner = Thread.currentThread();
            isOnExecutor = true;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("unchecked")
    private @Nullable T resultOf(@Nullable Object outcome) {
        return (T) outcome;
    }

    private void await(CompletionStage<?> started) {
        boolean cancel;
        lock.lock();
        try {
            leaveRunner();
            stage = started;
            if (state == State.RUNNING) {
                state = State.STAGED;
            }
            cancel = isOverdue && !beganOverdue; // a disposal whose turn came late is made all the same
        } finally {
            lock.unlock();
        }
        try {
            started.whenComplete((result, failure) -> {
                try {
                    stageEnded(resultOf(result), unwrapped(failure));
                } catch (Throwable e) {
                    stageEnded(resultOf(result), unwrapped(failure)); // a stage swallows what is thrown at it
                    throw e;
                }
            });
        } catch (Throwable e) {
            finishSurely(null, e); // a stage of the manager's own make that does not do what a stage must
        }
        if (cancel) {
            cancel(started);
        }
    }

    private void stageEnded(@Nullable T result, @Nullable Throwable failure) {
        Executor executor = stageExecutor();
        if (executor == null) {
            completeAndFinish(result, failure);
        } else {
            try {
                executor.execute(() -> {
                    try {
                        resumed();
                        completeAndFinish(result, failure);
                    } catch (Throwable e) {
                        completeAndFinish(result, failure); // an executor swallows what is thrown at it
                        throw e;
                    }
                });
            } catch (Throwable e) {
                isOnExecutor = false;
                completeAndFinish(result, failure); // no thread is to be had: here is better than never
            }
        }
    }

    /** Where the end of a stage is dealt with; null for on the thread that completes it. */
    @Nullable
    Executor stageExecutor() {
        return null;
    }

    /** Whether the current call of {@code ended} is made by a thread of the executor, where the manager's code may run. */
    boolean isOnExecutor() {
        return isOnExecutor;
    }

    /** What follows runs on a thread that runs what is due. */
    final void leftExecutor() {
        isOnExecutor = false;
    }

    private static @Nullable Throwable unwrapped(@Nullable Throwable failure) {
        return failure == null ? null : CauseChain.unwrapped(failure);
    }

    @SuppressWarnings("Finally") // an error on top of another one: either may go on
    private void finish(@Nullable T result, @Nullable Throwable failure) {
        boolean isLate;
        boolean wasOverdue;
        PoolClock.Timer stopped;
        boolean isInline = isInline();
        Actions given = starterActions;
        Actions actions = isInline && given != null ? given : new Actions(); // before anything is decided
        lock.lock();
        try {
            leaveRunner();
            // I45: a call ends once
            if (state == State.ENDED || state == State.LATE) {
                return;
            }
            if (abandoning) {
                lateEnd = () -> finishSurely(result, failure);
                return;
            }
            isEnding = true;
            isLate = state == State.ABANDONED;
            state = isLate ? State.LATE : State.ENDED;
            wasOverdue = isOverdue;
            stopped = timer;
            timer = null;
        } finally {
            lock.unlock();
        }
        try {
            if (stopped != null) {
                stopped.cancel();
            }
            goOn(result, failure, isLate, wasOverdue, actions);
        } finally {
            isEnding = false; // whatever was thrown: what is left undone is found by the repair
        }
    }

    /** What follows from the end. */
    @SuppressWarnings("Finally") // as above
    private void goOn(
            @Nullable T result, @Nullable Throwable failure, boolean isLate, boolean wasOverdue, Actions actions) {
        boolean runsActions = !isInline();
        try {
            ender = Thread.currentThread();
            if (isLate) {
                T late = failure == null ? result : null;
                try {
                    returnedLate(late, actions);
                } catch (Throwable e) {
                    returnedLate(late, actions); // what is done is not done twice
                    throw e;
                }
            } else if (failure != null && wasOverdue && !(failure instanceof Overrun)) {
                ended(null, overrun(failure), actions);
            } else {
                ended(failure == null ? result : null, failure, actions);
            }
        } finally {
            ender = null;
            try {
                if (!isLate) {
                    over(actions);
                }
                if (runsActions) {
                    actions.run();
                }
            } catch (Throwable e) {
                actions.run(); // those that are left; a sweep gives the turn back
                throw e;
            }
            ledger.remove(this); // last: what follows may need the pool's own executor
        }
    }

    /** Under the lock: from now on the thread is not to be interrupted for this call; an interrupt it has got is undone. */
    private void leaveRunner() {
        if (runner == Thread.currentThread()) {
            runner = null;
            if (isOverdue) {
                Thread.interrupted();
            }
        }
    }

    private void overran(int start) {
        boolean neverBegan;
        var why = new CancellationException("the connect executor did not begin it"); // before anything is decided
        lock.lock();
        try {
            if (start != starts) {
                return; // it was refused since, and its time begins anew
            }
            neverBegan = state == State.QUEUED && !mustRun();
            if (neverBegan) {
                isOverdue = true;
                isOnExecutor = false;
                state = State.RUNNING; // so that its turn, when it comes, finds nothing to do
            }
        } finally {
            lock.unlock();
        }
        if (neverBegan) {
            try {
                finishSurely(null, why);
            } catch (Throwable e) {
                finishSurely(null, why);
                throw e;
            }
            return;
        }
        interrupt();
        keep(ledger.timers.scheduleSurely(this::abandon, timeout), true);
    }

    /** Interrupts the thread, or cancels the stage, of a call that has not ended. */
    void interrupt() {
        CompletionStage<?> cancelled = null;
        long now = ledger.timers.now();
        lock.lock();
        try {
            if (state == State.ENDED || state == State.LATE) {
                return;
            }
            overdueAt = isOverdue ? overdueAt : now;
            isOverdue = true;
            if (runner != null) {
                // I45: under the lock under which the thread leaves the call
                runner.interrupt();
            } else {
                cancelled = stage;
            }
        } finally {
            lock.unlock();
        }
        if (cancelled != null) {
            cancel(cancelled);
        }
    }

    private static void cancel(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().cancel(true);
        } catch (Throwable e) {
            // A stage that cannot be cancelled has until it is abandoned.
        }
    }

    @SuppressWarnings("Finally") // what is thrown there is newer news
    private void abandon() {
        var actions = new Actions(); // before anything is decided
        TimeoutException why = overrun(null);
        lock.lock();
        try {
            if (state == State.ENDED || state == State.ABANDONED || state == State.LATE) {
                return;
            }
            abandoning = true; // before the state: see isOwner
            state = State.ABANDONED;
            timer = null;
            if (runner != null && completesOverdue) {
                runner.interrupt(); // what it hangs in has not been interrupted yet
            }
        } finally {
            lock.unlock();
        }
        Runnable late = null;
        try {
            try {
                abandoned(why, actions);
            } finally {
                try {
                    late = takeLateEnd();
                } catch (Throwable e) {
                    late = takeLateEnd(); // an error must not lose an end that has come
                    throw e;
                } finally {
                    over(actions);
                    actions.run();
                }
            }
        } finally {
            if (late != null) {
                late.run();
            }
        }
    }

    /** The slot is in no books any more: an end that comes from now on is a late one. @return the one that has come */
    private @Nullable Runnable takeLateEnd() {
        lock.lock();
        try {
            abandoning = false;
            Runnable late = lateEnd;
            lateEnd = null;
            return late;
        } finally {
            lock.unlock();
        }
    }

    /** Whether it has taken longer than its timeout, or was interrupted by a close. */
    boolean isOverdue() {
        lock.lock();
        try {
            return isOverdue;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the pool goes on without it. */
    boolean isAbandoned() {
        lock.lock();
        try {
            return state == State.ABANDONED;
        } finally {
            lock.unlock();
        }
    }

    private TimeoutException overrun(@Nullable Throwable cause) {
        return new Overrun(operation + " took longer than its timeout of " + Nanos.text(timeout), cause);
    }

    private static final class Overrun extends TimeoutException {
        private static final long serialVersionUID = 1L;

        Overrun(String message, @Nullable Throwable cause) {
            super(message);
            initCause(cause);
        }
    }

    /** Whether the thread is making this call, or decides what follows, so that it must not wait for its end. */
    boolean isRunBy(Thread thread) {
        lock.lock();
        try {
            return runner == thread || ender == thread;
        } finally {
            lock.unlock();
        }
    }
}
