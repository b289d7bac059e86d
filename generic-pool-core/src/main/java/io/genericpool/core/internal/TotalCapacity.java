package io.genericpool.core.internal;

import io.genericpool.DisposeReason;
import java.util.Iterator;
import java.util.LinkedHashSet;
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
 *   <li>permits are free only when nobody starves;
 *   <li>{@code pressure > 0} exactly when more permits are wanted, or must be given back, than disposals are on the way.
 * </ul>
 */
final class TotalCapacity<E, C> {
    static final long NOBODY = -1;

    final SlotTable<E, C> table = new SlotTable<>();

    private final ReentrantLock lock = new ReentrantLock();
    /** In the order in which they began to starve; hashed by identity, so that one that is served otherwise leaves at once. */
    private final LinkedHashSet<EndpointPool<E, C>> starving = new LinkedHashSet<>();

    private int max;
    private int used;
    private int disposing;
    /** How many permits the starving endpoints want together. */
    private long wanted;

    /**
     * Read by every release: above zero, it must take the slow way. A release that makes a slot idle reads it afterwards;
     * whoever raises it looks for idle slots afterwards; so one of the two sees the other.
     */
    private volatile int pressure;

    /** Told when a permit has come back; set once, when the pool closes. */
    private volatile @Nullable Runnable onRelease;

    TotalCapacity(int max) {
        this.max = max;
    }

    int pressure() {
        return pressure;
    }

    int max() {
        lock.lock();
        try {
            return max;
        } finally {
            lock.unlock();
        }
    }

    int used() {
        lock.lock();
        try {
            return used;
        } finally {
            lock.unlock();
        }
    }

    int starvingCount() {
        lock.lock();
        try {
            return starving.size();
        } finally {
            lock.unlock();
        }
    }

    /** Takes a free permit; none is free while anybody starves. */
    boolean tryAcquire() {
        lock.lock();
        try {
            if (used >= max || !starving.isEmpty()) {
                return false;
            }
            used++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Gives back a permit that no slot holds any more: the oldest starving endpoint is granted it. */
    void release(Actions actions) {
        lock.lock();
        try {
            used--;
            grant(actions);
        } finally {
            lock.unlock();
        }
        Runnable told = onRelease;
        if (told != null) {
            actions.add(more -> told.run());
        }
    }

    void slotAdded(Slot<E, C> slot) {
        lock.lock();
        try {
            table.add(slot);
        } finally {
            lock.unlock();
        }
    }

    void slotRemoved(Slot<E, C> slot) {
        lock.lock();
        try {
            table.remove(slot);
        } finally {
            lock.unlock();
        }
    }

    void disposalBegan() {
        lock.lock();
        try {
            disposing++;
            updatePressure();
        } finally {
            lock.unlock();
        }
    }

    /** The permit itself is released, or kept by the endpoint, in a step of its own. */
    void disposalEnded() {
        lock.lock();
        try {
            disposing--;
            updatePressure();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Says how many permits an endpoint wants and could not have. Where this raises the pressure, the caller looks for an
     * idle connection to dispose, after it has let its own lock go.
     */
    void setWanted(EndpointPool<E, C> endpoint, int count, long now, Actions actions) {
        lock.lock();
        try {
            int before = endpoint.wanted();
            endpoint.wanted(count, now);
            wanted += count - before;
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

    /** Permits granted to an endpoint since it last asked; it owns them now. */
    int takeGrants(EndpointPool<E, C> endpoint) {
        lock.lock();
        try {
            return endpoint.takeGrants();
        } finally {
            lock.unlock();
        }
    }

    /**
     * For how long the endpoint that has starved longest has done so, if a connection of the given one may have to give
     * way to it. When the given one is itself first in line but has a waiter that takes this connection, it is being
     * served: it goes behind the others, its starvation beginning anew, so that it cannot shut them out for ever.
     *
     * @return {@link #NOBODY} when nobody else starves, or enough is on the way
     */
    long starvedFor(EndpointPool<E, C> beside, boolean servesItself, long now) {
        if (pressure == 0) {
            return NOBODY;
        }
        lock.lock();
        try {
            Iterator<EndpointPool<E, C>> inOrder = starving.iterator();
            if (!inOrder.hasNext() || wanted <= disposing) {
                return NOBODY;
            }
            EndpointPool<E, C> oldest = inOrder.next();
            if (oldest == beside && servesItself && inOrder.hasNext()) {
                oldest = inOrder.next();
                starving.remove(beside);
                starving.add(beside);
                beside.starvesSince(now);
            }
            return oldest == beside ? NOBODY : Math.max(0, now - oldest.starvedSince());
        } finally {
            lock.unlock();
        }
    }

    /** Why an idle connection should be disposed now; null when there is no need. */
    @Nullable
    DisposeReason shortage() {
        if (pressure == 0) {
            return null;
        }
        lock.lock();
        try {
            if (used - disposing > max) {
                return DisposeReason.RESIZED;
            }
            return wanted > disposing ? DisposeReason.PRESSURE : null;
        } finally {
            lock.unlock();
        }
    }

    void resize(int newMax, Actions actions) {
        lock.lock();
        try {
            max = newMax;
            grant(actions);
        } finally {
            lock.unlock();
        }
    }

    void onRelease(Runnable told) {
        onRelease = told;
    }

    /** Under the lock. An endpoint that still wants more goes behind the others, its starvation beginning anew. */
    private void grant(Actions actions) {
        while (used < max) {
            Iterator<EndpointPool<E, C>> inOrder = starving.iterator();
            if (!inOrder.hasNext()) {
                break;
            }
            EndpointPool<E, C> oldest = inOrder.next();
            inOrder.remove();
            used++;
            wanted--;
            if (oldest.grantOne()) {
                starving.add(oldest);
            }
            actions.add(oldest::serve);
        }
        updatePressure();
    }

    private void updatePressure() {
        long needed = Math.max(0, wanted - disposing) + Math.max(0, used - disposing - max);
        int next = (int) Math.min(needed, Integer.MAX_VALUE);
        if (next != pressure) {
            pressure = next;
        }
    }
}
