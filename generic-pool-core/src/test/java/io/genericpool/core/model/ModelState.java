package io.genericpool.core.model;

import io.genericpool.DisposeReason;
import io.genericpool.EndpointLimits;
import io.genericpool.SuspendMode;
import java.util.ArrayList;
import java.util.List;

/** The nouns of the model, without a rule. Times are nanoseconds since the trace began. */
final class ModelState {
    /** A request. Its cover is the connect, check or disposal that is under way for it. */
    static final class Waiter {
        int id, endpoint;
        boolean isNew, isAsync;
        long timeout, sequence;
        Outcome outcome = Outcome.WAITING;
        Endpoint at;
        Conn got, cover;
        Timers.Timer deadline;
    }

    /** A connection, from the decision to connect to the end of its disposal, or of what was abandoned about it. */
    static final class Conn {
        Endpoint at;
        Warm warm;
        int id, call, generation;
        State state;
        Timers.Timer timer;
        DisposeReason reason;
        Waiter covers, holder, seenHolder, toldHolder;
        boolean isRefill,
                isOverdue,
                isGivenUp,
                isAbandoned,
                isOwed,
                isDead,
                isEvicted,
                isRetired,
                isSuspect,
                wasSuspect;
        long timeout,
                startSequence,
                createdBefore,
                connectedAt,
                expiresAt,
                usableUntil,
                since,
                checkedAt,
                idleOrder,
                seenAt,
                leases;
    }

    /** A warm-up. */
    static final class Warm {
        int target, generation, budget, inFlight, opened;
        boolean isCancelled, isDone;
    }

    /** An endpoint; one that nobody asks for holds the sums of the pool. */
    static final class Endpoint {
        final int index;
        final List<Conn> conns = new ArrayList<>();
        final List<Waiter> queue = new ArrayList<>();
        final List<Warm> warmUps = new ArrayList<>();
        final int[] states = new int[State.COUNT];
        final long[] counts = new long[Count.ALL.length], disposed = new long[DisposeReason.values().length];
        EndpointLimits limits;
        SuspendMode mode;
        boolean isResized, isRetained, isRefillPaused, wasRefused, mayRelieve, isGateRefusing;
        long lastTouch = -TraceConfig.OFF, gateUntil, gateTimerDue, sequence, starvesSince;
        int generation, credits, grants, wanted;
        Timers.Timer gateTimer;

        Endpoint(int index, EndpointLimits limits) {
            this.index = index;
            this.limits = limits;
        }

        int held() {
            return conns.size() - states[State.DISPOSING.ordinal()];
        }

        int minIdle() {
            return isRetained ? limits.minIdle() : 0;
        }

        long uncovered() {
            return queue.stream().filter(w -> w.cover == null).count();
        }
    }

    private ModelState() {}
}
