package io.genericpool.core.internal.capacity;

import io.genericpool.DisposeReason;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.spi.SharedLimits.Demand;
import io.genericpool.spi.SharedLimits.Share;
import io.genericpool.support.Nanos;
import java.util.Collection;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The permits of the whole pool, and the endpoints that starve for one, oldest first.
 *
 * <p>Its lock is a leaf: it is taken while an endpoint's lock is held, never the other way round, and no code of others
 * runs under it. Invariants, whenever the lock is free:
 * <ul>
 *   <li>{@code used} is the number of slots in all endpoints plus permits granted but not taken up yet;
 *   <li>an endpoint is in {@code starving} exactly when it wants more than it was granted;
 *   <li>permits are free only when no endpoint starves;
 *   <li>{@code pressure > 0} exactly when more permits are wanted, or must be given back, than disposals are on the way.
 * </ul>
 */
public final class TotalCapacity<E, C> {
    public final SlotTable<E, C> table = new SlotTable<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Actions.Action relief;
    private final StarvingLine<E, C> starving = new StarvingLine<>();

    /** The lower one of the pool's own limit and of what it is left of a limit that processes share. */
    private int max;

    private int own;
    private @Nullable Share share;
    /** How many connections it may have of the shared limit. */
    private int shared = Integer.MAX_VALUE;
    /** Where limits are shared: the calls that were abandoned. */
    private int abandoned;
    /** And the connections that are missing though no request needs them; and those that no request needs. */
    private int nice;

    private int spare;
    private int used;
    private int disposing;
    /** How many permits the starving endpoints want together. */
    private long wanted;

    /**
     * Read by every release: above zero, it must take the slow way. A release that makes a slot idle reads it afterwards;
     * the thread that raises it looks for idle slots afterwards; so one of the two sees the other.
     */
    private volatile int pressure;

    /** Told when a permit has come back; set once, when the pool closes. */
    private volatile @Nullable Runnable onRelease;

    /**
     * Makes the capacity of a pool.
     *
     * @param relief looks for idle connections to dispose; run without a lock when the pressure has risen
     */
    public TotalCapacity(int max, Actions.Action relief) {
        this.max = max;
        this.own = max;
        this.relief = relief;
    }

    public int pressure() {
        return pressure;
    }

    public int max() {
        lock.lock();
        try {
            return max;
        } finally {
            lock.unlock();
        }
    }

    /** The limit of this process alone. */
    public int own() {
        lock.lock();
        try {
            return own;
        } finally {
            lock.unlock();
        }
    }

    /** How many connections it may have of a shared limit; below zero where it was told nothing of one. */
    public int shareOfTotal() {
        lock.lock();
        try {
            return share == null ? -1 : shared;
        } finally {
            lock.unlock();
        }
    }

    /** What the pool as a whole was told of a shared limit, if that is what binds. */
    public @Nullable Share bindingShare() {
        lock.lock();
        try {
            return max < own ? share : null;
        } finally {
            lock.unlock();
        }
    }

    public int used() {
        lock.lock();
        try {
            return used;
        } finally {
            lock.unlock();
        }
    }

    public int starvingCount() {
        lock.lock();
        try {
            return starving.size();
        } finally {
            lock.unlock();
        }
    }

    /** Takes a free permit, as a credit of an endpoint whose lock is held; none is free while an endpoint starves. */
    public boolean tryAcquire(Claimant<E, C> endpoint) {
        lock.lock();
        try {
            // I15: a new request does not overtake the endpoints that starve
            if (used >= max || !starving.isEmpty()) {
                return false;
            }
            endpoint.credit(1); // I29: first, since it may fail and the count may not
            used++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Gives back a credit of an endpoint whose lock is held: the oldest starving endpoint is granted it. */
    public void release(Claimant<E, C> endpoint, Actions actions) {
        lock.lock();
        try {
            endpoint.credit(-1);
            used--;
            grant(actions);
        } finally {
            lock.unlock();
        }
        tellReleased(actions);
    }

    private void tellReleased(Actions actions) {
        Runnable told = onRelease;
        if (told != null) {
            actions.add(more -> told.run());
        }
    }

    public void slotAdded(Slot<E, C> slot) {
        lock.lock();
        try {
            table.add(slot);
            starving.count(Claimant.of(slot).tenant(), 1, 0, 0);
        } finally {
            lock.unlock();
        }
    }

    /** A slot is gone, and its endpoint keeps the permit. */
    public void slotRemoved(Slot<E, C> slot) {
        lock.lock();
        try {
            forget(slot);
        } finally {
            lock.unlock();
        }
    }

    private void forget(Slot<E, C> slot) {
        endLeaving(slot);
        if (table.remove(slot)) {
            starving.count(Claimant.of(slot).tenant(), -1, 0, 0);
        }
    }

    private void endLeaving(Slot<E, C> slot) {
        if (table.setLeaving(slot, false)) {
            disposing--;
            starving.count(Claimant.of(slot).tenant(), 0, 0, -1);
        }
    }

    /** A slot begins to be disposed: its permit is on its way, if it was not before. */
    public void disposalBegan(Slot<E, C> slot) {
        lock.lock();
        try {
            begin(slot);
        } finally {
            lock.unlock();
        }
    }

    /** A disposal that was claimed by {@link #claimShortage} or {@link #claimFor} does not take place. */
    public void unclaim(Slot<E, C> slot) {
        lock.lock();
        try {
            endLeaving(slot);
            updatePressure();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the permit of a slot counts as on its way. */
    public boolean isLeaving(Slot<E, C> slot) {
        lock.lock();
        try {
            return table.isLeaving(slot);
        } finally {
            lock.unlock();
        }
    }

    /**
     * A slot is gone, and its permit, a credit of its endpoint by now, is free: in one step, so that no thread sees the one
     * without the other.
     */
    public void gone(Slot<E, C> slot, Actions actions) {
        gone(slot, false, actions);
    }

    /**
     * As the other one.
     *
     * @param isAbandoned its call was abandoned: of a limit that processes share, it holds its part until it comes back
     */
    public void gone(Slot<E, C> slot, boolean isAbandoned, Actions actions) {
        lock.lock();
        try {
            forget(slot);
            used--;
            if (isAbandoned) {
                countAbandoned(Claimant.of(slot), 1);
            }
            Claimant.of(slot).credit(-1);
            grant(actions);
        } finally {
            lock.unlock();
        }
        tellReleased(actions);
    }

    /**
     * Says how many permits an endpoint wants and could not have. Where this raises the pressure, the caller looks for an
     * idle connection to dispose, after it has let its own lock go.
     */
    public void setWanted(Claimant<E, C> endpoint, int needed, long now, Actions actions) {
        lock.lock();
        try {
            int before = endpoint.wanted();
            int count = Math.max(0, needed - endpoint.grants()); // what was granted meanwhile is about to be taken up
            endpoint.setWanted(count, now);
            wanted += count - before;
            starving.count(endpoint.tenant(), 0, count - before, 0);
            if (count == 0) {
                starving.remove(endpoint);
            } else {
                starving.add(endpoint);
            }
            grant(actions);
        } finally {
            lock.unlock();
        }
    }

    /** How many more permits an endpoint could have: those that are free, or those it wants if all are on their way. */
    public int inSight(Claimant<E, C> endpoint) {
        lock.lock();
        try {
            int free = starving.isEmpty() ? Math.max(0, max - used) : 0;
            return free + (missing() <= 0 ? endpoint.wanted() : 0);
        } finally {
            lock.unlock();
        }
    }

    /** Permits granted to an endpoint since it last asked are its credits now. */
    public void takeGrants(Claimant<E, C> endpoint) {
        lock.lock();
        try {
            int taken = endpoint.takeGrants();
            endpoint.tenant().granted -= taken; // nothing may come in between
            starving.count(endpoint.tenant(), -taken, 0, 0);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether a connection of the given endpoint must give way to another endpoint that starves. If so, its disposal
     * counts as begun: of several releases at once, only as many give way as permits are wanted.
     *
     * <p>A connection that is reserved for its endpoint never gives way.
     *
     * <p>When the given endpoint is itself first in line but has a waiter that takes this connection, it is being served:
     * it goes behind the others, its starvation beginning anew, so that it cannot shut them out for ever.
     *
     * @param servesItself whether a waiter of the endpoint takes this connection
     * @param window how long a connection serves its own endpoint; {@link Nanos#FOREVER} for always
     */
    public boolean claimFor(Slot<E, C> slot, boolean servesItself, long window, long now) {
        Claimant<E, C> beside = Claimant.of(slot);
        lock.lock();
        try {
            // I17: no more give way than permits are wanted and not on their way
            if (starving.isEmpty() || missing() <= 0) {
                return false;
            }
            Claimant<E, C> oldest = starving.firstFor(beside.tenant(), max, coming());
            if (oldest == beside && servesItself && starving.size() > 1) {
                starving.goBehind(beside);
                oldest = starving.firstFor(beside.tenant(), max, coming());
                if (oldest != beside) {
                    beside.starvesSince(now); // else there is none that it could shut out
                }
            }
            // I27: asked under the lock of the endpoint, where the number of its connections changes
            if (oldest == null || oldest == beside || beside.isReserved()) {
                return false;
            }
            // I16: a window passes first, since its connect and since that starvation began
            if (servesItself && Math.min(now - slot.connectedAt, now - oldest.starvedSince()) < window) {
                return false;
            }
            begin(slot);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** More permits are used than there are, even when all disposals on the way have ended. */
    public boolean isOverfull() {
        lock.lock();
        try {
            return used - disposing > max;
        } finally {
            lock.unlock();
        }
    }

    /** Why an idle connection should be disposed now; its disposal counts as begun. Null when there is no need. */
    public @Nullable DisposeReason claimShortage(Slot<E, C> victim) {
        if (pressure == 0) {
            return null;
        }
        lock.lock();
        try {
            if (missing() <= 0) {
                return null;
            }
            boolean isOverfull = used - disposing > max;
            if (!isOverfull && starving.firstFor(Claimant.of(victim).tenant(), max, coming()) == null) {
                return null;
            }
            begin(victim);
            return isOverfull ? DisposeReason.RESIZED : DisposeReason.PRESSURE;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A slot is gone, and its endpoint keeps the permit, if it may: not while more are used than there are.
     *
     * @param isAbandoned as for {@link #gone(Slot, boolean, Actions)}
     * @return false when nothing has been done
     */
    public boolean keepPermit(Slot<E, C> slot, boolean isAbandoned) {
        lock.lock();
        try {
            boolean mayKeep = isAbandoned ? used <= maxBeside(abandoned + 1) : used <= max;
            if (mayKeep) {
                forget(slot);
                if (isAbandoned) {
                    countAbandoned(Claimant.of(slot), 1);
                }
            }
            return mayKeep;
        } finally {
            lock.unlock();
        }
    }

    /** More permits are used than there are, and too few are on their way back: if so, one more disposal has begun. */
    public boolean claimSurplus(Slot<E, C> slot) {
        if (pressure == 0) {
            return false;
        }
        lock.lock();
        try {
            boolean isOverfull = used - disposing > max;
            if (isOverfull) {
                begin(slot);
            }
            return isOverfull;
        } finally {
            lock.unlock();
        }
    }

    public void resize(int newMax, Actions actions) {
        lock.lock();
        try {
            own = newMax;
            updateMax(actions);
        } finally {
            lock.unlock();
        }
    }

    /** Sets the share of a limit that other processes share. One that is older than the last is ignored. */
    public void share(Share next, Actions actions) {
        lock.lock();
        try {
            Share before = share;
            if (before != null && next.version() <= before.version()) {
                return;
            }
            int least =
                    switch (next.giving()) {
                        case ALL -> 0;
                        case IDLE -> used + abandoned - disposing - table.countIdle();
                        case UNUSED -> used + abandoned;
                    };
            boolean isMore = before == null || next.connections() >= shared;
            shared = isMore ? next.connections() : Math.min(shared, Math.max(next.connections(), least));
            share = next;
            updateMax(actions);
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock of an endpoint whose numbers have changed, where limits are shared. */
    public void noteShared(int niceChange, int spareChange) {
        lock.lock();
        try {
            nice += niceChange;
            spare += spareChange;
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock of an endpoint, where limits are shared: so many of its calls are abandoned. */
    public void setAbandoned(Claimant<E, C> endpoint, int calls, Actions actions) {
        lock.lock();
        try {
            countAbandoned(endpoint, calls - endpoint.abandonedCounted());
            grant(actions);
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. The caller grants what may have come free. */
    private void countAbandoned(Claimant<E, C> endpoint, int change) {
        endpoint.countAbandoned(change);
        abandoned += change;
        max = maxBeside(abandoned);
    }

    /** What the pool as a whole holds and wants. */
    public Demand demand(boolean isClosed) {
        lock.lock();
        try {
            long version = share == null ? 0 : share.version();
            int held = used + abandoned;
            if (isClosed) {
                return new Demand(version, 0, held, 0, 0);
            }
            int unused = Math.min(held, spare);
            long needed = held - unused + wanted;
            return new Demand(version, shared, held, (int) Math.min(Integer.MAX_VALUE, needed), nice + unused);
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. */
    private void updateMax(Actions actions) {
        max = maxBeside(abandoned);
        grant(actions);
    }

    private int maxBeside(int abandonedCalls) {
        // I60: abandoned calls count until they come back
        return shared == Integer.MAX_VALUE ? own : Math.min(own, Math.max(0, shared - abandonedCalls));
    }

    /**
     * By a sweep: what is derived is counted again, and what an error has left half done is finished. Whatever it is
     * derived from changes under this lock only.
     *
     * @param tenants those that share the total; none where it is not shared
     * @return whether anything was wrong
     */
    public boolean repair(Collection<Tenant<E, C>> tenants, Actions actions) {
        lock.lock();
        try {
            for (Slot<E, C> slot : table.all()) {
                if (slot != null && slot.isGone()) {
                    forget(slot); // harmless where its endpoint is about to: it finds that done
                }
            }
            starving.repair();
            // I31: counted from what changes under this lock only
            int leaving = table.countLeaving();
            long wantedByAll = starving.wanted();
            boolean wasWrong = leaving != disposing || wantedByAll != wanted;
            wasWrong |= !tenants.isEmpty() && starving.recount(tenants, table);
            disposing = leaving;
            wanted = wantedByAll;
            grant(actions);
            return wasWrong;
        } finally {
            lock.unlock();
        }
    }

    /**
     * By a sweep, where limits are shared: the abandoned calls of all endpoints are counted again.
     *
     * @return whether their number was wrong
     */
    public boolean repairAbandoned(Collection<? extends Claimant<E, C>> endpoints, Actions actions) {
        int seen = sumOfAbandoned(endpoints); // without the lock first: there may be many
        lock.lock();
        try {
            // I31: counted from what changes under this lock only
            int counted = seen == abandoned ? seen : sumOfAbandoned(endpoints);
            boolean wasWrong = counted != abandoned;
            abandoned = counted;
            updateMax(actions);
            return wasWrong;
        } finally {
            lock.unlock();
        }
    }

    private static int sumOfAbandoned(Collection<? extends Claimant<?, ?>> endpoints) {
        int calls = 0;
        for (Claimant<?, ?> endpoint : endpoints) {
            calls += endpoint.abandonedCounted();
        }
        return calls;
    }

    /** By a sweep: an endpoint is in line if it wants permits, and only then. */
    public void repairLine(Claimant<E, C> endpoint) {
        lock.lock();
        try {
            if (endpoint.wanted() > 0) {
                starving.add(endpoint);
            } else {
                starving.remove(endpoint);
            }
        } finally {
            lock.unlock();
        }
    }

    public void onRelease(Runnable told) {
        onRelease = told;
    }

    /** Under the lock. An endpoint that still wants more goes behind the others, its starvation beginning anew. */
    private void grant(Actions actions) {
        while (used < max) {
            Claimant<E, C> oldest = starving.takeNext(max);
            if (oldest == null) {
                break;
            }
            boolean wantsMore = oldest.grantOne();
            used++;
            wanted--;
            oldest.tenant().granted++;
            starving.count(oldest.tenant(), 1, -1, 0);
            if (wantsMore) {
                starving.add(oldest);
            }
            actions.add(oldest::serve);
        }
        updatePressure(actions);
        if (pressure > 0 && starving.isShared()) {
            actions.add(relief); // another tenant may have become the poorer one
        }
    }

    /** Under the lock: the disposal of a connection has begun, and its permit is on its way. */
    private void begin(Slot<E, C> slot) {
        if (table.setLeaving(slot, true)) {
            disposing++;
            starving.count(Claimant.of(slot).tenant(), 0, 0, 1);
            updatePressure();
        }
    }

    /** How many permits are on their way to those that starve. */
    private int coming() {
        return Math.max(0, disposing - Math.max(0, used - max));
    }

    /** A tenant that does not starve gives way when it keeps more connections; negative when all are of one tenant. */
    public int floor() {
        lock.lock();
        try {
            return starving.floor(max, coming());
        } finally {
            lock.unlock();
        }
    }

    /** How many disposals are missing: permits that are wanted, or held beyond the limit, and not on their way back. */
    private long missing() {
        return wanted + Math.max(0, used - max) - disposing;
    }

    private void updatePressure() {
        int next = (int) Math.max(0, Math.min(missing(), Integer.MAX_VALUE));
        if (next != pressure) {
            pressure = next;
        }
    }

    /** As {@link #updatePressure}, and has a thread look for idle connections if it has risen. */
    private void updatePressure(Actions actions) {
        int before = pressure;
        updatePressure();
        // I7: the look for idle slots comes after the pressure was raised
        if (pressure > before) {
            actions.add(relief);
        }
    }
}
