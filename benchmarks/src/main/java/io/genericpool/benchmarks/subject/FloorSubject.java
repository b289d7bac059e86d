package io.genericpool.benchmarks.subject;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * The least that a keyed pool must do: look the endpoint up, take its connection out by a CAS, put it back by a volatile
 * store. One connection an endpoint, however many threads: they share that one CAS and yield until it succeeds.
 */
public final class FloorSubject extends Subject<FloorSubject.Place> {
    private static final int SPINS = 64;

    private final ConcurrentHashMap<String, Place> places = new ConcurrentHashMap<>();
    private final Opener opener;

    public FloorSubject(Opener opener) {
        this.opener = opener;
    }

    public static final class Place {
        static final AtomicIntegerFieldUpdater<Place> TAKEN =
                AtomicIntegerFieldUpdater.newUpdater(Place.class, "taken");

        final BenchConnection connection;
        private volatile int taken;

        Place(BenchConnection connection) {
            this.connection = connection;
        }
    }

    @Override
    public Place acquire(String endpoint) {
        Place place = places.get(endpoint);
        if (place == null) {
            place = places.computeIfAbsent(endpoint, e -> new Place(opener.open(e)));
        }
        if (!Place.TAKEN.compareAndSet(place, 0, 1)) {
            spin(place);
        }
        return place;
    }

    private static void spin(Place place) {
        for (int i = 1; !Place.TAKEN.compareAndSet(place, 0, 1); i++) {
            if (i % SPINS == 0) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public BenchConnection connection(Place lease) {
        return lease.connection;
    }

    @Override
    public void release(String endpoint, Place lease) {
        lease.taken = 0;
    }
}
