package io.genericpool.core.internal.queue;

import io.genericpool.core.internal.flight.FlightSpan;
import io.genericpool.core.internal.slot.Slot;
import org.jspecify.annotations.Nullable;

/** One connect in flight. */
public final class ConnectAttempt<E, C> extends Cover<E, C> {
    public final Slot<E, C> slot;
    /** Requests with a lower number were queued when it started: one of them may fail with it. */
    public final long startSequence;
    /** The endpoint's generation when it started: an {@code evict} since then makes its result void. */
    public final int generation;
    /** How many connections the endpoint had made by then: what a governor said of it is old when there are more now. */
    public final long createdBefore;
    /** The warm-up that asked for it; null when it is for a waiter or for minIdle. */
    public final @Nullable WarmUp warmUp;
    /** Whether it is for minIdle. */
    public final boolean isRefill;

    /** When its turn came. Written before it starts. */
    public long startedAt;

    /** Its recording; null when it is not recorded. Written before it starts. */
    public @Nullable FlightSpan flight;

    /** The links of {@link AttemptList}, which writes them; no list when it is in none. */
    @Nullable
    AttemptList<E, C> list;

    @Nullable
    ConnectAttempt<E, C> previous;

    @Nullable
    ConnectAttempt<E, C> next;

    @Nullable
    ConnectAttempt<E, C> previousFree;

    @Nullable
    ConnectAttempt<E, C> nextFree;

    /** Whether it is among those that are meant for none in particular. */
    boolean isListedFree;

    /** It counts as abandoned. Written under the lock. */
    public volatile boolean isAbandoned;
    /** And has come back. Guarded by the lock. */
    public boolean isBack;

    public ConnectAttempt(
            Slot<E, C> slot,
            long startSequence,
            int generation,
            long createdBefore,
            @Nullable WarmUp warmUp,
            boolean isRefill) {
        this.slot = slot;
        this.startSequence = startSequence;
        this.generation = generation;
        this.createdBefore = createdBefore;
        this.warmUp = warmUp;
        this.isRefill = isRefill;
    }

    @Override
    public boolean accepts(Waiter<E, C> waiter) {
        return !waiter.isNewOnly || waiter.sequence < startSequence;
    }

    @Override
    void coveredChanged() {
        AttemptList<E, C> in = list;
        if (in != null) {
            in.coveredChanged(this);
        }
    }

    /** Whether the waiter was there when it started, so that this connect was made for it or its like. */
    public boolean wasStartedAfter(Waiter<E, C> waiter) {
        return waiter.sequence < startSequence;
    }
}
