package io.genericpool.core.internal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The connects of one endpoint that are in flight; a few at most. Guarded by the endpoint's lock. */
final class AttemptList<E, C> {
    /** Null while there are none, which is most of the time. */
    private @Nullable List<ConnectAttempt<E, C>> attempts;

    int size() {
        return attempts == null ? 0 : attempts.size();
    }

    void add(ConnectAttempt<E, C> attempt) {
        if (attempts == null) {
            attempts = new ArrayList<>(2);
        }
        attempts.add(attempt);
    }

    void remove(ConnectAttempt<E, C> attempt) {
        if (attempts != null) {
            attempts.remove(attempt);
            if (attempts.isEmpty()) {
                attempts = null;
            }
        }
    }

    boolean hasRefill() {
        if (attempts != null) {
            for (ConnectAttempt<E, C> attempt : attempts) {
                if (attempt.isRefill) {
                    return true;
                }
            }
        }
        return false;
    }

    /** One that is meant for nobody in particular and may serve this waiter. */
    @Nullable
    ConnectAttempt<E, C> freeFor(Waiter<E, C> waiter, int generation) {
        if (attempts != null) {
            for (ConnectAttempt<E, C> attempt : attempts) {
                if (attempt.covered == null && attempt.generation == generation && attempt.accepts(waiter)) {
                    return attempt;
                }
            }
        }
        return null;
    }

    /** An evict has made them void: what they were meant for needs others. */
    void uncoverAll(WaiterQueue<E, C> queue) {
        if (attempts != null) {
            for (ConnectAttempt<E, C> attempt : attempts) {
                if (attempt.covered != null) {
                    queue.uncover(attempt.covered);
                }
            }
        }
    }
}
