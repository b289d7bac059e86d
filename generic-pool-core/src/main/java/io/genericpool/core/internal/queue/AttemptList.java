package io.genericpool.core.internal.queue;

import io.genericpool.core.internal.slot.Slot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The connects of one endpoint that are in flight; a few at most. Guarded by the endpoint's lock. */
public final class AttemptList<E, C> {
    private static final AttemptList<?, ?> NONE = new AttemptList<>(List.of());

    private final List<ConnectAttempt<E, C>> attempts;

    public AttemptList() {
        this(new ArrayList<>(2));
    }

    private AttemptList(List<ConnectAttempt<E, C>> attempts) {
        this.attempts = attempts;
    }

    /** That of an endpoint without any, which is most of the time; shared by all, and never added to. */
    @SuppressWarnings("unchecked")
    public static <E, C> AttemptList<E, C> none() {
        return (AttemptList<E, C>) NONE;
    }

    public int size() {
        return attempts.size();
    }

    public void add(ConnectAttempt<E, C> attempt) {
        attempts.add(attempt);
    }

    public void remove(ConnectAttempt<E, C> attempt) {
        attempts.remove(attempt);
    }

    /** The one that is made for a slot; null when there is none. */
    public @Nullable ConnectAttempt<E, C> of(Slot<E, C> slot) {
        for (ConnectAttempt<E, C> attempt : attempts) {
            if (attempt.slot == slot) {
                return attempt;
            }
        }
        return null;
    }

    public boolean hasRefill() {
        for (ConnectAttempt<E, C> attempt : attempts) {
            if (attempt.isRefill) {
                return true;
            }
        }
        return false;
    }

    /** One that is meant for no waiter in particular and may serve this one. */
    public @Nullable ConnectAttempt<E, C> freeFor(Waiter<E, C> waiter, int generation) {
        for (ConnectAttempt<E, C> attempt : attempts) {
            if (attempt.covered == null && attempt.generation == generation && attempt.accepts(waiter)) {
                return attempt;
            }
        }
        return null;
    }

    /** An evict has made them void: what they were meant for needs others. */
    public void uncoverAll(WaiterQueue<E, C> queue) {
        for (ConnectAttempt<E, C> attempt : attempts) {
            if (attempt.covered != null) {
                queue.uncover(attempt.covered);
            }
        }
    }
}
