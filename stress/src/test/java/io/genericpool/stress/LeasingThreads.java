package io.genericpool.stress;

import io.genericpool.Lease;
import io.genericpool.PoolStats;
import io.genericpool.stress.support.StressConnection;
import io.genericpool.stress.support.StressPool;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * What Lincheck's threads do to a pool of one endpoint whose connections are all open and mostly idle at the start: take one if
 * one is idle, give back the one they took last, give back what somebody gives back already, and count. Each checks on the way that nobody
 * else holds what it holds.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
public abstract class LeasingThreads {
    static final int MOST_THREADS = 8;

    private final StressPool stress;
    private final int size;
    /** How many are leased all the time, at the places before the others. */
    private final int kept;

    private final AtomicIntegerArray hands;
    private final List<StressConnection> connections = new ArrayList<>();
    private final List<Deque<Lease<String, StressConnection>>> held = new ArrayList<>();
    /** The lease whose release began last, by whatever thread. */
    private volatile Lease<String, StressConnection> lastReleased;

    LeasingThreads(int size) {
        this(size, 0);
    }

    LeasingThreads(int size, int kept) {
        this.size = size;
        this.kept = kept;
        this.stress = new StressPool(size, size);
        this.hands = new AtomicIntegerArray(size);
        for (int i = 0; i < MOST_THREADS; i++) {
            held.add(new ArrayDeque<>());
        }
        var first = new ArrayList<Lease<String, StressConnection>>();
        for (int i = 0; i < size; i++) {
            Lease<String, StressConnection> lease = stress.lease(StressPool.A);
            first.add(lease);
            connections.add(lease.connection());
        }
        first.subList(kept, size).forEach(Lease::release);
    }

    @Operation
    public boolean tryConnection(@Param(name = "thread") int thread) {
        var lease = stress.pool.tryConnection(StressPool.A);
        if (lease.isEmpty()) {
            return false;
        }
        if (hands.incrementAndGet(connections.indexOf(lease.get().connection())) != 1) {
            throw new IllegalStateException("a connection in two hands");
        }
        held.get(thread).push(lease.get());
        return true;
    }

    @Operation
    public boolean release(@Param(name = "thread") int thread) {
        Lease<String, StressConnection> lease = held.get(thread).poll();
        if (lease == null) {
            return false;
        }
        hands.decrementAndGet(connections.indexOf(lease.connection()));
        lastReleased = lease;
        lease.release();
        return true;
    }

    /**
     * Releases what another thread has released or is just releasing. Together they count once, and whoever holds the
     * connection by then keeps it.
     */
    @Operation
    public void releaseAgain() {
        Lease<String, StressConnection> lease = lastReleased;
        if (lease != null) {
            lease.release();
        }
    }

    int countLeased() {
        return stress.pool.stats(StressPool.A).orElseThrow().leased();
    }

    @Validate
    public void booksAreRight() {
        int expected = held.stream().mapToInt(Deque::size).sum();
        PoolStats stats = stress.pool.stats();
        boolean isRight = stats.leased() == kept + expected
                && stats.idle() == size - kept - expected
                && stats.waiters() == 0
                && stress.peak.get() == size;
        if (!isRight) {
            throw new IllegalStateException(
                    "held " + expected + ", but the books say " + stress.books(StressPool.A) + ", peak " + stress.peak);
        }
    }
}
