package io.genericpool.core.internal.call;

import io.genericpool.core.internal.executor.PoolExecutors;
import io.genericpool.core.internal.executor.TimedSteps;
import io.genericpool.core.internal.log.SafeLog;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.slot.Slot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The calls of the manager that are in flight. */
public final class CallLedger {
    /** How late a timer must be for a sweep to act in its place, in nanoseconds. */
    static final long GRACE = 1_000_000_000L;

    private static final int INTERRUPTED_IN_PLACE = 8;

    private static final SafeLog LOG = SafeLog.of(CallLedger.class);

    public final TimedSteps timers;
    private final PoolExecutors executors;
    private final Set<BoundedCall<?>> inFlight = ConcurrentHashMap.newKeySet();
    private final Set<Ending> resets = ConcurrentHashMap.newKeySet();
    private volatile boolean areResetsEnded;
    private volatile boolean isClosed;

    /** Something that the end of the pool ends. */
    interface Ending {
        void giveUp();

        /** The slot that it is about. */
        Slot<?, ?> slot();

        /** Whether it has not ended, or a thread is at work on what follows from that. */
        boolean isOwner();

        /** By a sweep, for a timer that was lost. */
        void endIfOverdue(long now);
    }

    public CallLedger(TimedSteps timers, PoolExecutors executors) {
        this.timers = timers;
        this.executors = executors;
    }

    public void add(BoundedCall<?> call) {
        inFlight.add(call);
    }

    public void remove(BoundedCall<?> call) {
        inFlight.remove(call);
        shutdownWhenEmpty();
    }

    public void add(Ending reset) {
        resets.add(reset);
    }

    boolean areResetsEnded() {
        return areResetsEnded;
    }

    public void remove(Ending reset) {
        resets.remove(reset);
    }

    /** The pool closes and waits for them no longer: their connections go. */
    public void endResets() {
        areResetsEnded = true; // before the walk: one that is added later sees it
        resets.forEach(Ending::giveUp);
    }

    /** Adds the slots of the calls that the current thread is inside of, and therefore must not wait for. */
    void addInsideCall(Collection<Object> slots) {
        Thread current = Thread.currentThread();
        for (BoundedCall<?> call : inFlight) {
            Slot<?, ?> slot = call.isRunBy(current) ? call.slot() : null;
            if (slot != null) {
                slots.add(slot);
            }
        }
    }

    /** Adds the slots that calls and resets are under way for. */
    public void addOwned(Collection<Object> slots) {
        for (BoundedCall<?> call : inFlight) {
            Slot<?, ?> slot = call.isOwner() ? call.slot() : null;
            if (slot != null) {
                slots.add(slot);
            }
        }
        for (Ending reset : resets) {
            if (reset.isOwner()) {
                slots.add(reset.slot());
            }
        }
    }

    /** Whether a call or a reset is under way for a slot. May be asked under the endpoint's lock. */
    public boolean owns(Slot<?, ?> slot) {
        for (BoundedCall<?> call : inFlight) {
            if (call.slot() == slot && call.isOwner()) {
                return true;
            }
        }
        for (Ending reset : resets) {
            if (reset.slot() == slot && reset.isOwner()) {
                return true;
            }
        }
        return false;
    }

    /** By a sweep: what a timer should have ended, and what has ended but was not taken out. */
    public void endOverdue(long now, Actions actions) {
        for (BoundedCall<?> call : inFlight) {
            guarded(() -> endOverdue(call, now, actions));
        }
        for (Ending reset : resets) {
            guarded(() -> reset.endIfOverdue(now));
        }
        resets.removeIf(reset -> !reset.isOwner());
    }

    private void endOverdue(BoundedCall<?> call, long now, Actions actions) {
        call.endIfOverdue(now);
        if (!call.isOwner()) {
            call.over(actions); // more than once does no harm
        }
        if (call.hasReturned()) {
            remove(call);
        }
    }

    /** One that cannot be ended keeps no other from its end. */
    private static void guarded(Runnable ending) {
        try {
            ending.run();
        } catch (Throwable e) {
            LOG.error("a call that is overdue could not be ended; the next sweep tries again", e);
        }
    }

    /**
     * Interrupts what is in flight. Each thread that is interrupted wants a processor at once, before the one that goes on here:
     * beyond a few, a close would miss its deadline by that, and another thread interrupts the rest.
     */
    public void interruptAll() {
        int left = INTERRUPTED_IN_PLACE;
        var others = new ArrayList<BoundedCall<?>>();
        for (BoundedCall<?> call : inFlight) {
            if (left > 0) {
                left--;
                call.interrupt();
            } else {
                others.add(call);
            }
        }
        if (!others.isEmpty()) {
            timers.handingOn(() -> others.forEach(BoundedCall::interrupt)).run();
        }
    }

    /** The pool has ended: its own threads may, as soon as nothing is in flight. */
    public void close() {
        isClosed = true;
        shutdownWhenEmpty();
    }

    private void shutdownWhenEmpty() {
        if (isClosed && inFlight.isEmpty()) {
            executors.shutdown();
        }
    }
}
