package io.genericpool.core.model;

import io.genericpool.DisposeReason;
import io.genericpool.EndpointLimits;
import io.genericpool.SuspendMode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The nouns of the model, without a rule. Times are nanoseconds since the trace began. */
final class ModelState {
    /** A request, or the ticket of one of a group. Its cover is the connect, check or disposal that is under way for it. */
    static final class Waiter {
        int id, endpoint;
        /** The request of a group that it is, or is a ticket of. */
        Ask ask;

        boolean isTicket, isLinked, hasTurn, isPaced, isSlow, isInTrouble, isHandedOver;
        /** Why no connect is started for a ticket, and why it has left. */
        Trouble met, failed;

        Member member;
        boolean isNew, isAsync, mayBeTooMany;
        long timeout, sequence, startedAt;
        Outcome outcome = Outcome.WAITING;
        Endpoint at;
        Conn got, cover;
        Timers.Timer deadline;
    }

    /** A connection, from the decision to connect to the end of its disposal, or of what was abandoned about it. */
    static final class Conn {
        Endpoint at;
        Warm warm;
        State state;
        int id, generation;
        DisposeReason reason;
        Waiter covers, holder, seenHolder, toldHolder;
        boolean isRefill, isOwed, isDead, isEvicted, isRetired, isSuspect, wasSuspect, isAbandoned;
        long startSequence,
                freeSince,
                createdBefore,
                connectedAt,
                expiresAt,
                usableUntil,
                since,
                checkedAt,
                idleOrder,
                seenAt,
                leases;
        /** The call under way, and whether it has overrun its timeout, or that twice. */
        int call;

        long callTimeout;
        boolean isOverdue, isGivenUp;
        Timers.Timer timer;

        /** Made, and not on its way out. */
        boolean isLive() {
            return state != State.CONNECTING && state != State.DISPOSING;
        }

        /** It must go when it is next looked at. */
        boolean isMarked() {
            return isDead || isEvicted || isRetired;
        }
    }

    /** A warm-up. */
    static final class Warm {
        int target, generation, budget, inFlight, opened;
        boolean isCancelled, isDone;
    }

    /** Why a member cannot serve a ticket. */
    enum Trouble {
        CONNECT_FAILED(Outcome.CONNECT_FAILED),
        TIMED_OUT(Outcome.TIMED_OUT),
        TOO_MANY(Outcome.EXHAUSTED),
        REFUSED(Outcome.UNAVAILABLE),
        SUSPENDED(Outcome.UNAVAILABLE),
        CLOSED(Outcome.CLOSED);

        final Outcome outcome;

        Trouble(Outcome outcome) {
            this.outcome = outcome;
        }
    }

    /** What a group knows of an endpoint, for as long as that is a member. */
    static final class Member {
        final int endpoint;
        long leases, pausedAt;
        boolean wasPaused;

        Member(int endpoint) {
            this.endpoint = endpoint;
        }
    }

    /** A group. */
    static final class Group {
        final TraceGroup config;
        List<Member> members = List.of();
        long spillOvers, hedges;
        int turn, later;

        Group(TraceGroup config) {
            this.config = config;
        }
    }

    /** A request of a group: its tickets, the best member first, and its turns. */
    static final class Ask {
        final Group group;
        final Waiter request;
        final List<Waiter> tickets = new ArrayList<>();
        int entered, freeTurns = 1, turns = 1;
        Waiter last, served;
        Trouble trouble;
        Endpoint home;
        long turnTakenAt;
        boolean isArriving = true, isSpillDue, isHedgeDue, isHedging, hasEnded, isTold;
        Timers.Timer spill, hedge;

        Ask(Group group, Waiter request) {
            this.group = group;
            this.request = request;
        }

        List<Waiter> asked() {
            return tickets.subList(0, entered);
        }
    }

    /** An endpoint. */
    static final class Endpoint {
        final int index;
        final Tally tally;
        final List<Conn> conns = new ArrayList<>();
        final List<Waiter> queue = new ArrayList<>();
        final List<Warm> warmUps = new ArrayList<>();
        /** Tickets whose cover has ended in this step, the latest first. */
        final Deque<Waiter> freed = new ArrayDeque<>();

        EndpointLimits limits;
        SuspendMode mode;
        boolean isResized, isRetained, isRefillPaused, isGateRefusing;
        long lastTouch = -TraceConfig.OFF, gateUntil, sequence, starvesSince;
        int generation, permits, wanted, connectMicros, stuckConnects;
        Timers.Timer opening;

        Endpoint(int index, EndpointLimits limits, Tally whole) {
            this.index = index;
            this.limits = limits;
            this.tally = new Tally(whole);
        }

        int held() {
            return conns.size() - tally.of(State.DISPOSING);
        }

        /** It has no more connections than are reserved for it. */
        boolean isReserved() {
            return limits.reserved() > 0 && held() - tally.of(State.CONNECTING) <= limits.reserved();
        }

        /** As {@link #isReserved}, where one of them has arrived just now, and is established though it has no place yet. */
        boolean isReservedWith(Conn c) {
            int arrived = c.state == State.CONNECTING ? 1 : 0;
            return limits.reserved() > 0 && held() - tally.of(State.CONNECTING) + arrived <= limits.reserved();
        }

        int minIdle() {
            return isRetained ? limits.minIdle() : 0;
        }

        int uncovered() {
            return (int) queue.stream().filter(Endpoint::isInNeed).count();
        }

        /** Something may be started for it. */
        private static boolean isInNeed(Waiter w) {
            return w.cover == null && w.timeout > 0 && (!w.isTicket || (w.isLinked && w.hasTurn));
        }
    }

    private ModelState() {}
}
