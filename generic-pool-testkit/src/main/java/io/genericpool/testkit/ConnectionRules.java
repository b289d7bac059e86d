package io.genericpool.testkit;

import io.genericpool.DisposeReason;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules a pool has to keep about one connection: calls follow each other, in the documented order, and stop with the
 * disposal; a holder has the connection alone. What is against them is recorded, never thrown: the pool under test
 * shall go on as it would with a real manager.
 */
final class ConnectionRules {
    private static final int HISTORY = 100;
    private static final Set<DisposeReason> MAY_END_A_LEASE =
            EnumSet.of(DisposeReason.INVALIDATED, DisposeReason.DEAD, DisposeReason.HOOK_FAILED, DisposeReason.CLOSED);
    private static final Set<DisposeReason> MAY_END_A_RESET =
            EnumSet.of(DisposeReason.DEAD, DisposeReason.HOOK_FAILED, DisposeReason.CLOSED);

    private final String name;
    private final Violations violations;
    /** Whether the manager sees every hook; otherwise only creation, disposal and use can be watched. */
    private final boolean hooks;

    private final Deque<Operation> history = new ArrayDeque<>();
    private Phase phase;
    private @Nullable Operation running;
    private boolean used;
    private boolean toldDead;
    private boolean revoked;
    private boolean viewIsOpen;

    ConnectionRules(String name, Violations violations, boolean hooks) {
        this.name = name;
        this.violations = violations;
        this.hooks = hooks;
        this.phase = hooks ? Phase.NEW : Phase.IDLE;
        history.add(Operation.CREATE);
    }

    /** A call begins that is no disposal. */
    synchronized void begin(Operation operation) {
        beginCall(operation);
        if (phase == Phase.DISPOSED) {
            violate(operation + " after its disposal");
        } else if (!isLegal(operation)) {
            violate(operation + " while " + phase);
        }
        if (operation == Operation.ON_DEAD) {
            toldDead = true;
        }
    }

    /** A call has ended that is no disposal; a failure dooms the connection. */
    synchronized void end(Operation operation, boolean ok) {
        running = null;
        if (phase != Phase.DISPOSED) {
            phase = ok ? after(operation) : Phase.DOOMED;
        }
    }

    /** A view was lent, whose end the pool has to tell before anything else. */
    synchronized void viewBegan() {
        viewIsOpen = true;
    }

    synchronized void viewEnded() {
        if (!viewIsOpen) {
            violate("the end of its lease was told twice");
        }
        viewIsOpen = false;
    }

    /** A disposal begins; false when there was one before. */
    synchronized boolean beginDispose(DisposeReason reason) {
        boolean closing = reason == DisposeReason.CLOSED;
        if (running == Operation.RESET && MAY_END_A_RESET.contains(reason)) {
            running = null;
        }
        beginCall(Operation.DISPOSE);
        if (phase == Phase.DISPOSED) {
            violate("disposed twice, now for " + reason);
            return false;
        }
        if (used && !closing) {
            violate("disposed for " + reason + " while in use");
        }
        if (hooks && phase.isLeased() && !MAY_END_A_LEASE.contains(reason)) {
            violate("disposed for " + reason + " while " + phase);
        }
        phase = Phase.DISPOSED;
        revoked = closing;
        return true;
    }

    synchronized void endDispose() {
        running = null;
    }

    /** Throws where the pool was closed under the holder, which is not the holder's fault. */
    synchronized void beginUse() {
        if (revoked) {
            throw new IllegalStateException("connection " + name + " was disposed when its pool was closed");
        }
        if (used) {
            violate("used by two holders at once");
        }
        if (phase == Phase.DISPOSED) {
            violate("used after its disposal");
        } else if (hooks && phase != Phase.LEASED) {
            violate("used while " + phase);
        }
        used = true;
    }

    synchronized void endUse() {
        used = false;
    }

    synchronized boolean isDisposed() {
        return phase == Phase.DISPOSED;
    }

    synchronized List<Operation> history() {
        return List.copyOf(history);
    }

    private void beginCall(Operation operation) {
        if (running != null) {
            violate(operation + " during " + running);
        }
        if (viewIsOpen && operation != Operation.IS_FATAL) {
            violate(operation + " before its view was told the end of the lease");
        }
        running = operation;
        history.add(operation);
        if (history.size() > HISTORY) {
            history.remove();
        }
    }

    private boolean isLegal(Operation operation) {
        return switch (operation) {
            case BIND -> phase == Phase.NEW;
            case CHECK, ON_ACQUIRE -> phase == Phase.IDLE;
            case LEND -> phase == Phase.ACQUIRED;
            case IS_FATAL -> phase == Phase.LEASED;
            case ON_RELEASE -> phase == Phase.LEASED && !used;
            case RESET -> phase == Phase.RELEASED;
            case ON_DEAD -> !toldDead && !used && phase != Phase.NEW;
            case CREATE, DISPOSE -> false;
        };
    }

    private Phase after(Operation operation) {
        return switch (operation) {
            case ON_ACQUIRE -> Phase.ACQUIRED;
            case LEND -> Phase.LEASED;
            case ON_RELEASE -> Phase.RELEASED;
            case ON_DEAD -> Phase.DOOMED;
            case BIND, CHECK, RESET -> phase == Phase.DOOMED ? phase : Phase.IDLE;
            case CREATE, IS_FATAL, DISPOSE -> phase;
        };
    }

    private void violate(String what) {
        violations.add("connection " + name + ": " + what + "; calls so far: " + history);
    }

    /** Where a connection is in its life, as its manager sees it. */
    private enum Phase {
        NEW,
        IDLE,
        ACQUIRED,
        LEASED,
        RELEASED,
        /** Something about it failed: all that may follow is its disposal. */
        DOOMED,
        DISPOSED;

        boolean isLeased() {
            return this == ACQUIRED || this == LEASED;
        }
    }
}
