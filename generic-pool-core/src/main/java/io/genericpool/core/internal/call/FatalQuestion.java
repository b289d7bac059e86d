package io.genericpool.core.internal.call;

import io.genericpool.core.internal.slot.Slot;
import io.genericpool.spi.PoolClock;
import io.genericpool.support.Nanos;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The manager is asked whether a failure is fatal, on the thread of a user, which must not be interrupted; the connection
 * is bounded all the same. Where the answer takes as long as a check that is abandoned, the pool goes on as if it had been
 * yes.
 */
final class FatalQuestion<E, C> {
    private final CallContext<E, C> context;
    private final Slot<E, C> slot;
    private final Runnable otherwise;
    private final AtomicBoolean isDecided = new AtomicBoolean();
    private final AtomicBoolean overrunBegun = new AtomicBoolean();
    private final PoolClock.@Nullable Timer timer;

    /**
     * To be made before the manager is asked.
     *
     * @param otherwise what to do when there is no answer in time; not run on the clock's thread
     */
    FatalQuestion(CallContext<E, C> context, Slot<E, C> slot, Runnable otherwise) {
        this.context = context;
        this.slot = slot;
        this.otherwise = otherwise;
        long timeout = context.settings.checkTimeout;
        timer = context.traits.knowsFatal && !Nanos.isOff(timeout) ? timerOrNull(2 * timeout) : null;
    }

    /** Null where no timer is to be had: then the answer is not bounded, but the lease ends. */
    private PoolClock.@Nullable Timer timerOrNull(long delay) {
        try {
            return context.timers.scheduleSurely(this::timeOut, delay);
        } catch (Throwable e) {
            return null;
        }
    }

    private void timeOut() {
        if (isDecided.compareAndSet(false, true)) {
            try {
                context.executors.disposeExecutor().execute(this::overrun);
            } catch (Throwable e) {
                overrun(); // there is no other thread, and this one is the pool's own
            }
        }
    }

    /** Once, whatever an executor does with it. From the decision on, nothing else ends the lease. */
    private void overrun() {
        if (!overrunBegun.compareAndSet(false, true)) {
            return;
        }
        try {
            String bound = "twice checkTimeout (" + Nanos.text(context.settings.checkTimeout) + ")";
            context.hooks.failed(slot, "isFatal", new TimeoutException("isFatal took longer than " + bound));
        } finally {
            otherwise.run();
        }
    }

    /** After the answer. @return false when the pool has gone on without it */
    boolean isAnsweredInTime() {
        if (timer != null) {
            timer.cancel();
        }
        return isDecided.compareAndSet(false, true);
    }
}
