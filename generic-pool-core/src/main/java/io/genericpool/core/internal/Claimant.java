package io.genericpool.core.internal;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint as the total capacity sees it: it has slots, wants permits and is granted some. What it wants and was granted
 * is written under the lock of {@link TotalCapacity}, and read without.
 */
@SuppressWarnings("serial") // it is never serialized: see EndpointLock
abstract class Claimant<E, C> extends SlotOwner<E, C> {
    private static final long serialVersionUID = 1L;

    /** The endpoint of a slot: each owner of slots is one. */
    static <E, C> Claimant<E, C> of(Slot<E, C> slot) {
        return (Claimant<E, C>) slot.owner;
    }

    /** Whose part of the total its connections count for. */
    abstract Tenant<E, C> tenant();

    /** It has no more connections than are reserved for it: none goes for another endpoint. */
    abstract boolean isReserved();

    /** How many permits it wants and could not have. */
    abstract int wanted();

    /** Under the lock of the total. */
    abstract void setWanted(int count, long now);

    /** How many permits were granted to it that it has not taken up. */
    abstract int grants();

    /** Under the lock of the endpoint and that of the total: more permits are its own without a slot, or fewer. */
    abstract void credit(int permits);

    /** Under the lock of the total: one permit is granted to it. True when it wants more. */
    abstract boolean grantOne();

    /** Under the lock of the total: what was granted to it is its own now. */
    abstract int takeGrants();

    /** Under the lock of the total: its starvation begins anew. */
    abstract void starvesSince(long now);

    /** Under the lock of the total. */
    abstract long starvedSince();

    /** Permits were granted to it: it serves its waiters. Run without a lock. */
    abstract void serve(Actions actions);

    /** One step under the lock, and then, whatever was thrown in it, what it has decided. */
    final void step(Consumer<Actions> step) {
        var actions = new Actions();
        try {
            lock();
            stepAndUnlock(step, actions);
        } finally {
            runAll(actions);
        }
    }

    private static void runAll(Actions actions) {
        try {
            actions.run();
        } catch (Throwable e) {
            actions.run(); // those that are left: an error in one must not lose the others
            throw e;
        }
    }

    /** As {@link #step}, behind all threads that wait for the lock. */
    final void stepBehindOthers(Consumer<Actions> step) {
        var actions = new Actions();
        try {
            lockBehindOthers();
            stepAndUnlock(step, actions);
        } finally {
            actions.run();
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
    final <T extends @Nullable Object> T decide(Function<Actions, T> step) {
        var actions = new Actions();
        try {
            lock();
            try {
                return step.apply(actions);
            } finally {
                unlock();
            }
        } finally {
            runAll(actions);
        }
    }
}
