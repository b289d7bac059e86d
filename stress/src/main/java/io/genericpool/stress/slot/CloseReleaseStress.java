package io.genericpool.stress.slot;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.genericpool.Lease;
import io.genericpool.stress.support.StressConnection;
import io.genericpool.stress.support.StressPool;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A close that does not wait revokes a lease while its holder releases it. One of the two ends the lease, and the
 * connection is disposed once. Shows I2 and I48.
 */
@JCStressTest
@Outcome(
        id = "0 stale, gone, 0 open",
        expect = ACCEPTABLE,
        desc = "The release was faster, and the close disposed an idle connection.")
@Outcome(id = "1 stale, gone, 0 open", expect = ACCEPTABLE, desc = "The close was faster: the release is stale.")
@Outcome(id = ".*, -1 open", expect = FORBIDDEN, desc = "Disposed twice.")
@Outcome(expect = FORBIDDEN, desc = "The connection has outlived the pool.")
@State
public class CloseReleaseStress {
    private final StressPool stress = new StressPool(1, 1);
    private final Lease<String, StressConnection> lease = stress.lease(StressPool.A);

    @Actor
    public void closer() {
        stress.pool.close(Duration.ZERO);
    }

    @Actor
    public void releaser() {
        lease.release();
    }

    @Arbiter
    public void books(LL_Result r) {
        r.r1 = stress.pool.stats().staleReleases() + " stale";
        r.r2 = stress.booksAndOpen(StressPool.A);
    }
}
