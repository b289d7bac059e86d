package io.genericpool.stress.slot;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.genericpool.Lease;
import io.genericpool.stress.support.StressConnection;
import io.genericpool.stress.support.StressPool;
import java.util.Optional;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * The flag of an eviction. An endpoint is evicted while its connection is released and asked for again. The first
 * word says what the second acquire got, and whether the eviction had ended before that acquire began; the second
 * what is left when that lease, if any, has been released too. Shows I5.
 */
@JCStressTest
@Outcome(
        id = "nothing, gone, 0 open",
        expect = ACCEPTABLE,
        desc = "The eviction was seen by the release, or took the idle connection.")
@Outcome(
        id = "old, gone, 0 open",
        expect = ACCEPTABLE,
        desc = "It was handed out before the eviction ended, and went at the release after that.")
@Outcome(id = "evicted, .*", expect = FORBIDDEN, desc = "Handed out although it was evicted before.")
@Outcome(expect = FORBIDDEN, desc = "An evicted connection has stayed in the pool, or its slot was lost.")
@State
public class EvictReleaseStress {
    private final StressPool stress = new StressPool(1, 1);
    private final Lease<String, StressConnection> lease = stress.lease(StressPool.A);
    private volatile boolean isEvicted;
    private Optional<Lease<String, StressConnection>> next = Optional.empty();

    @Actor
    public void evictor() {
        stress.pool.evict(StressPool.A);
        isEvicted = true;
    }

    @Actor
    public void releaser(LL_Result r) {
        lease.release();
        boolean wasEvicted = isEvicted;
        next = stress.pool.tryConnection(StressPool.A);
        r.r1 = next.isEmpty() ? "nothing" : wasEvicted ? "evicted" : "old";
    }

    @Arbiter
    public void books(LL_Result r) {
        next.ifPresent(Lease::release);
        r.r2 = stress.booksAndOpen(StressPool.A);
    }
}
