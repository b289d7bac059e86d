package io.genericpool.core.internal.call;

import io.genericpool.core.internal.queue.Actions;
import java.util.concurrent.Executor;

/**
 * A call that starts when its turn comes ({@link CallTurns}), and holds it until it has ended or is abandoned. Its timeout
 * runs from its start: a call that waits for its turn has none.
 *
 * @param <T> the type of the result
 */
abstract class TurnCall<T> extends BoundedCall<T> implements CallTurns.Call {
    private final CallTurns turns;
    private final CallTurns.Turn turn;
    private final Executor executor;

    TurnCall(CallLedger ledger, String operation, long timeout, Object endpoint, CallTurns turns, Executor executor) {
        super(ledger, operation, timeout);
        this.turns = turns;
        this.turn = new CallTurns.Turn(endpoint, this);
        this.executor = executor;
    }

    /** Begins the call at once if it may, else when its turn comes. */
    final void startInTurn(Actions actions) {
        enlist();
        try {
            turns.enter(turn, actions);
        } catch (Throwable e) {
            withdrawn(actions); // unless it has begun
            throw e;
        }
    }

    /** Its turn has come: starts it, or withdraws it when it is not wanted any more. */
    @Override
    public boolean begin(Actions actions) {
        return start(executor, actions);
    }

    @Override
    public void withdraw(Actions actions) {
        withdrawn(actions);
    }

    final boolean hasWaited() {
        return turn.hasWaited();
    }

    /** Overridden where more follows from the end of the turn. */
    @Override
    void over(Actions actions) {
        turns.leave(turn, actions);
    }
}
