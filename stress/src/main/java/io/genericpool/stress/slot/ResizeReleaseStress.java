package io.genericpool.stress.slot;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.genericpool.EndpointLimits;
import io.genericpool.Lease;
import io.genericpool.stress.support.StressConnection;
import io.genericpool.stress.support.StressPool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * The limit falls to one (a bit is set, then idle connections are looked for) while the second of two leases is
 * released on the fast path (idle, then the bits are read). Shows I7 for the bit OVER_SIZE.
 */
@JCStressTest
@Outcome(id = "0 leased, 1 idle, 0 waiting, 1 open", expect = ACCEPTABLE, desc = "One of the two went.")
@Outcome(id = "0 leased, 2 idle.*", expect = FORBIDDEN, desc = "Two idle connections beside a limit of one.")
@Outcome(expect = FORBIDDEN, desc = "A slot was lost.")
@State
public class ResizeReleaseStress {
    private final StressPool stress = new StressPool(2, 2);
    private final Lease<String, StressConnection> lease = stress.lease(StressPool.A);
    private final Lease<String, StressConnection> other = stress.lease(StressPool.A);

    public ResizeReleaseStress() {
        other.release();
    }

    @Actor
    public void resizer() {
        stress.pool.resize(StressPool.A, EndpointLimits.of(0, 1));
    }

    @Actor
    public void releaser() {
        lease.release();
    }

    @Arbiter
    public void books(L_Result r) {
        r.r1 = stress.booksAndOpen(StressPool.A);
    }
}
