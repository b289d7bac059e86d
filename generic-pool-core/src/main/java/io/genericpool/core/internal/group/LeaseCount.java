package io.genericpool.core.internal.group;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts the leases of a member. An atomic addition would cost about a third of the acquire itself, so each of the first places of
 * the endpoint has a number of its own: it is written by the holder of the connection at that place, of which there is one at
 * a time. The next one sees what it wrote, since it has leased the connection later.
 */
final class LeaseCount {
    private static final int PLACES = 32;

    private final @Nullable Place[] places = new Place[PLACES];
    /** Leases at further places, and those that were delivered to a request: its thread may have ended the lease by now. */
    private final LongAdder others = new LongAdder();

    /** With room around it, since threads write to several at the same moment. */
    @SuppressWarnings({"serial", "unused"}) // it is never serialized; the room
    private static final class Place extends AtomicLong {
        private long a;
        private long b;
        private long c;
        private long d;
        private long e;
        private long f;
    }

    /** By the thread that has leased the connection at a place without a lock, before anyone can end the lease. */
    void addOwn(int place) {
        if (place >= PLACES) {
            others.increment();
            return;
        }
        Place at = places[place];
        if (at == null) {
            at = new Place();
            places[place] = at;
        }
        at.lazySet(at.getPlain() + 1);
    }

    /** By any thread. */
    void add() {
        others.increment();
    }

    long sum() {
        long sum = others.sum();
        for (Place at : places) {
            sum += at == null ? 0 : at.get();
        }
        return sum;
    }
}
