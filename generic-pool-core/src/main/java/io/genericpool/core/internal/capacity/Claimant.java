package io.genericpool.core.internal.capacity;

import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.core.internal.slot.SlotOwner;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint as the total capacity sees it: it has slots, wants permits and is granted some. What it wants and was granted
 * is written under the lock of {@link TotalCapacity}, and read without.
 */
@SuppressWarnings("serial") // it is never serialized: see EndpointLock
public abstract class Claimant<E, C> extends SlotOwner<E, C> {
    private static final long serialVersionUID = 1L;

    /** The endpoint of a slot: each owner of slots is one. */
    public static <E, C> Claimant<E, C> of(Slot<E, C> slot) {
        return (Claimant<E, C>) slot.owner;
    }

    /** Whose part of the total its connections count for. */
    public abstract Tenant<E, C> tenant();

    /** It has no more connections than are reserved for it: none goes for another endpoint. */
    public abstract boolean isReserved();

    /** How many permits it wants and could not have. */
    public abstract int wanted();

    /** Under the lock of the total. */
    public abstract void setWanted(int count, long now);

    /** How many permits were granted to it that it has not taken up. */
    public abstract int grants();

    /** Under the lock of the endpoint and that of the total: more permits are its own without a slot, or fewer. */
    public abstract void credit(int permits);

    /** How many of its abandoned calls count for the total; both locks guard it. */
    public abstract int abandonedCounted();

    /** Under the lock of the endpoint and that of the total: more of its abandoned calls count, or fewer. */
    public abstract void countAbandoned(int calls);

    /** Under the lock of the total: one permit is granted to it. True when it wants more. */
    public abstract boolean grantOne();

    /** Under the lock of the total: what was granted to it is its own now. */
    public abstract int takeGrants();

    /** Under the lock of the total: its starvation begins anew. */
    public abstract void starvesSince(long now);

    /** Under the lock of the total. */
    public abstract long starvedSince();

    /** Permits were granted to it: it serves its waiters. Run without a lock. */
    public abstract void serve(Actions actions);

    /** One step under the lock, and then, whatever was thrown in it, what it has decided. */
    @SuppressWarnings("Finally") // what is thrown there is newer news, and nothing is lost by it
    public final void step(Consumer<Actions> step) {
        var actions = new Actions();
        try {
            lock();
            stepAndUnlock(step, actions);
        } finally {
            // L: the lock is free, so code of others may run in what follows
            try {
                actions.run();
            } catch (Throwable e) {
                actions.run(); // those that are left: an error in one must not lose the others
                throw e;
            }
        }
    }

    /** As {@link #step}, behind all threads that wait for the lock. */
    @SuppressWarnings("Finally") // what is thrown there is newer news, and nothing is lost by it
    public final void stepBehindOthers(Consumer<Actions> step) {
        var actions = new Actions();
        try {
            lockBehindOthers();
            stepAndUnlock(step, actions);
        } finally {
            try {
                actions.run();
            } catch (Throwable e) {
                actions.run();
                throw e;
            }
        }
    }

    private void stepAndUnlock(Consumer<Actions> step, Actions actions) {
        try {
            step.accept(actions);
        } finally {
            unlock();
        }
    }

    /** As {@link #step}, with a result. */
    @SuppressWarnings("Finally") // what is thrown there is newer news, and nothing is lost by it
    public final <T extends @Nullable Object> T decide(Function<Actions, T> step) {
        var actions = new Actions();
        try {
            lock();
            try {
                return step.apply(actions);
            } finally {
                unlock();
            }
        } finally {
            try {
                actions.run();
            } catch (Throwable e) {
                actions.run();
                throw e;
            }
        }
    }
}
