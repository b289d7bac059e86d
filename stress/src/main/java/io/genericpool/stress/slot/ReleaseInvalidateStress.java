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
 * One thread releases a lease, another invalidates it and then looks for an idle connection. One of the two ends the
 * lease: the connection goes back or goes away, never both, and the second thread holds it only if it went back.
 * Shows I1 and I2.
 */
@JCStressTest
@Outcome(
        id = "same, 1 stale; 1 leased, 0 idle, 0 waiting",
        expect = ACCEPTABLE,
        desc = "The release won, and the second thread has the connection.")
@Outcome(
        id = "nothing, 1 stale; 0 leased, 1 idle, 0 waiting",
        expect = ACCEPTABLE,
        desc = "The release won, and the second thread looked while the slot was on its way back.")
@Outcome(id = "nothing, 1 stale; gone", expect = ACCEPTABLE, desc = "The invalidation won: nothing is left.")
@Outcome(id = "disposed, .*", expect = FORBIDDEN, desc = "A connection was disposed while it was leased.")
@Outcome(expect = FORBIDDEN, desc = "Both counted, or none did, or the slot was lost.")
@State
public class ReleaseInvalidateStress {
    private final StressPool stress = new StressPool(1, 1);
    private final Lease<String, StressConnection> lease = stress.lease(StressPool.A);
    private Optional<Lease<String, StressConnection>> next = Optional.empty();

    @Actor
    public void releaser() {
        lease.release();
    }

    @Actor
    public void invalidator() {
        lease.invalidate();
        next = stress.pool.tryConnection(StressPool.A);
    }

    @Arbiter
    public void books(LL_Result r) {
        r.r1 = next.map(it -> it.connection().isDisposed ? "disposed" : "same").orElse("nothing");
        r.r2 = stress.pool.stats().staleReleases() + " stale; " + stress.books(StressPool.A);
    }
}
