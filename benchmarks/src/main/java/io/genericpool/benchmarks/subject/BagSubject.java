package io.genericpool.benchmarks.subject;

import com.zaxxer.hikari.util.ConcurrentBag;
import com.zaxxer.hikari.util.ConcurrentBag.IConcurrentBagEntry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * HikariCP's bag, one an endpoint in a map. A bag is not a pool: it has no limit, timeout of connections, life cycle or
 * fairness; one thread fills it beforehand, and it never grows afterwards.
 */
public final class BagSubject extends Subject<BagSubject.Entry> {
    private final ConcurrentHashMap<String, ConcurrentBag<Entry>> bags = new ConcurrentHashMap<>();
    private final Opener opener;
    private boolean isFull;

    public BagSubject(Opener opener) {
        this.opener = opener;
    }

    public static final class Entry implements IConcurrentBagEntry {
        private static final AtomicIntegerFieldUpdater<Entry> STATE =
                AtomicIntegerFieldUpdater.newUpdater(Entry.class, "state");

        final ConcurrentBag<Entry> bag;
        final BenchConnection connection;
        private volatile int state = STATE_NOT_IN_USE;

        Entry(ConcurrentBag<Entry> bag, BenchConnection connection) {
            this.bag = bag;
            this.connection = connection;
        }

        @Override
        public boolean compareAndSet(int expected, int next) {
            return STATE.compareAndSet(this, expected, next);
        }

        @Override
        public void setState(int next) {
            STATE.set(this, next);
        }

        @Override
        public int getState() {
            return STATE.get(this);
        }
    }

    @Override
    public Entry acquire(String endpoint) throws Exception {
        ConcurrentBag<Entry> bag = bags.get(endpoint);
        if (bag == null) {
            bag = bags.computeIfAbsent(endpoint, e -> new ConcurrentBag<>(waiting -> {}));
        }
        Entry entry = bag.borrow(isFull ? 30 : 0, TimeUnit.SECONDS);
        return entry == null ? acquireSlowly(bag, endpoint) : entry;
    }

    /** While the bags are being filled. */
    private Entry acquireSlowly(ConcurrentBag<Entry> bag, String endpoint) throws InterruptedException {
        if (isFull) {
            throw new IllegalStateException("nothing came back to the bag of " + endpoint);
        }
        bag.add(new Entry(bag, opener.open(endpoint)));
        return bag.borrow(30, TimeUnit.SECONDS);
    }

    @Override
    public void filled() {
        isFull = true;
    }

    @Override
    public BenchConnection connection(Entry lease) {
        return lease.connection;
    }

    @Override
    public void release(String endpoint, Entry lease) {
        lease.bag.requite(lease);
    }
}
