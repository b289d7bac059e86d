package io.genericpool.core.internal.capacity;

import io.genericpool.core.internal.slot.Slot;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints that starve: tenants take turns, and within a tenant the oldest comes first. Guarded by the lock of {@link
 * TotalCapacity}.
 *
 * <p>An active tenant has a right to its share, {@code max / active}. A tenant at or below its share loses no connection to
 * another one, except where there are more active tenants than permits. A tenant above it gives way to one below its share,
 * and to one that will have at least two connections less.
 */
public final class StarvingLine<E, C> {
    /** Those with starving endpoints, in the order of their turns. */
    private final LinkedHashSet<Tenant<E, C>> turns = new LinkedHashSet<>();

    private int active;
    private int size;

    public boolean isEmpty() {
        return size == 0;
    }

    public int size() {
        return size;
    }

    /** How many permits those in line want together. */
    public long wanted() {
        long sum = 0;
        for (Tenant<E, C> tenant : turns) {
            for (Claimant<E, C> endpoint : tenant.starving) {
                sum += endpoint.wanted();
            }
        }
        return sum;
    }

    /** Whether more than one tenant is active. */
    boolean isShared() {
        return active > 1;
    }

    public void add(Claimant<E, C> endpoint) {
        if (endpoint.tenant().starving.add(endpoint)) {
            size++;
        }
        turns.add(endpoint.tenant());
    }

    public void remove(Claimant<E, C> endpoint) {
        Tenant<E, C> tenant = endpoint.tenant();
        if (tenant.starving.remove(endpoint)) {
            size--;
            if (tenant.starving.isEmpty()) {
                turns.remove(tenant);
            }
        }
    }

    /**
     * By the repair: what tenants hold, want and give back is counted again.
     *
     * @param tenants those that have endpoints; each one that has slots is counted all the same
     * @return whether anything was wrong
     */
    boolean recount(Collection<Tenant<E, C>> tenants, SlotTable<E, C> table) {
        Set<Tenant<E, C>> all = Collections.newSetFromMap(new IdentityHashMap<>());
        all.addAll(tenants);
        all.addAll(turns);
        for (Slot<E, C> slot : table.all()) {
            if (slot != null) {
                all.add(Claimant.of(slot).tenant());
            }
        }
        all.forEach(Tenant::beginRecount);
        for (Slot<E, C> slot : table.all()) {
            if (slot != null) {
                Claimant.of(slot).tenant().recount(table.isLeaving(slot));
            }
        }
        boolean wasWrong = false;
        int nowActive = 0;
        for (Tenant<E, C> tenant : all) {
            wasWrong |= tenant.endRecount();
            nowActive += tenant.isActive() ? 1 : 0;
        }
        wasWrong |= nowActive != active;
        active = nowActive;
        return wasWrong;
    }

    /** What an error has left half done is finished. */
    public void repair() {
        turns.removeIf(tenant -> tenant.starving.isEmpty());
        int sum = 0;
        for (Tenant<E, C> tenant : turns) {
            sum += tenant.starving.size();
        }
        size = sum;
    }

    /** An endpoint and its tenant go behind all others. */
    void goBehind(Claimant<E, C> endpoint) {
        remove(endpoint);
        turns.remove(endpoint.tenant());
        add(endpoint);
    }

    /** Counts what a tenant holds, wants and gives back. */
    public void count(Tenant<E, C> tenant, int held, int wanted, int leaving) {
        boolean wasActive = tenant.isActive();
        tenant.held += held;
        tenant.wanted += wanted;
        tenant.leaving += leaving;
        if (wasActive != tenant.isActive()) {
            active += wasActive ? -1 : 1;
        }
    }

    /** Takes the next endpoint out of the line: of the first tenant below its share, or else of the first. Its tenant goes behind. */
    @Nullable
    Claimant<E, C> takeNext(int max) {
        Tenant<E, C> next = null;
        int share = share(max);
        for (Tenant<E, C> tenant : turns) {
            if (tenant.held < share) {
                next = tenant;
                break;
            }
            next = next == null ? tenant : next;
        }
        if (next == null) {
            return null;
        }
        Claimant<E, C> oldest = next.starving.iterator().next();
        remove(oldest);
        if (turns.remove(next)) {
            turns.add(next);
        }
        return oldest;
    }

    /**
     * The endpoint whose turn it is among those for which a tenant's connection may go.
     *
     * @param coming how many permits are on their way; each tenant is taken to get as many of them as it wants
     */
    @Nullable
    Claimant<E, C> firstFor(Tenant<E, C> giving, int max, int coming) {
        int share = share(max);
        for (Tenant<E, C> tenant : turns) {
            if (tenant == giving || isPoorer(tenant, giving, share, coming)) {
                return tenant.starving.iterator().next();
            }
        }
        return null;
    }

    private boolean isPoorer(Tenant<E, C> taking, Tenant<E, C> giving, int share, int coming) {
        int soon = soon(taking, coming);
        // I28: a tenant that keeps no more than its share loses none
        return giving.staying() > share && (soon < Math.max(1, share) || soon + 1 < giving.staying());
    }

    private int soon(Tenant<E, C> tenant, int coming) {
        return tenant.held + Math.min(tenant.wanted, coming);
    }

    /** A tenant that does not starve itself gives way when it keeps more than so many; negative when all are of one tenant. */
    public int floor(int max, int coming) {
        if (!isShared()) {
            return -1;
        }
        int poorest = Integer.MAX_VALUE - 1;
        for (Tenant<E, C> tenant : turns) {
            poorest = Math.min(poorest, soon(tenant, coming));
        }
        int share = share(max);
        return poorest < Math.max(1, share) ? share : Math.max(share, poorest + 1);
    }

    private int share(int max) {
        return active == 0 ? max : max / active;
    }
}
