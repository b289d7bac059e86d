package io.genericpool.benchmarks.subject;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * The floor of a pool that may hold several connections an endpoint: look the endpoint up, look for waiters, find a slot in
 * the endpoint's array, take it by a CAS, count, make a lease; put it back with a stamp. It touches the objects that such a
 * pool cannot do without (map node, endpoint, array, slot, connection), where {@link FloorSubject} has all in one. So with
 * many endpoints, it misses the caches as often. It knows no limits, no waiting and no life times.
 */
public final class WideFloorSubject extends Subject<WideFloorSubject.Handle> {
    private static final int SLOTS = 8;

    private final ConcurrentHashMap<String, Place> places = new ConcurrentHashMap<>();
    private final Opener opener;

    public WideFloorSubject(Opener opener) {
        this.opener = opener;
    }

    private static final class Place {
        private final Slot[] slots = new Slot[SLOTS];
        private volatile int waiters;
        private long acquired;
    }

    private static final class Slot {
        static final AtomicIntegerFieldUpdater<Slot> TAKEN = AtomicIntegerFieldUpdater.newUpdater(Slot.class, "taken");

        private final BenchConnection connection;
        private volatile int taken;
        private long since;

        Slot(BenchConnection connection) {
            this.connection = connection;
        }
    }

    /** One use of a connection. */
    public static final class Handle {
        private final Place place;
        private final Slot slot;

        private Handle(Place place, Slot slot) {
            this.place = place;
            this.slot = slot;
        }
    }

    @Override
    public Handle acquire(String endpoint) {
        Place place = places.get(endpoint);
        if (place == null) {
            place = places.computeIfAbsent(endpoint, e -> new Place());
        }
        if (place.waiters != 0) {
            throw new IllegalStateException("nothing waits here");
        }
        for (int i = 0; ; i = i + 1 == SLOTS ? 0 : i + 1) {
            Slot slot = slot(place, i, endpoint);
            if (Slot.TAKEN.compareAndSet(slot, 0, 1)) {
                place.acquired++;
                return new Handle(place, slot);
            }
            Thread.onSpinWait();
        }
    }

    private Slot slot(Place place, int index, String endpoint) {
        Slot slot = place.slots[index];
        if (slot == null) {
            synchronized (place) {
                slot = place.slots[index];
                if (slot == null) {
                    slot = new Slot(opener.open(endpoint));
                    place.slots[index] = slot;
                }
            }
        }
        return slot;
    }

    @Override
    public BenchConnection connection(Handle lease) {
        return lease.slot.connection;
    }

    @Override
    public void release(String endpoint, Handle lease) {
        Slot slot = lease.slot;
        slot.since = lease.place.acquired;
        slot.taken = 0;
        if (lease.place.waiters != 0) {
            throw new IllegalStateException("nothing waits here");
        }
    }
}
