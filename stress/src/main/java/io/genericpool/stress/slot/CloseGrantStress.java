package io.genericpool.stress.slot;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.genericpool.Lease;
import io.genericpool.stress.support.StressConnection;
import io.genericpool.stress.support.StressPool;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A close that does not wait meets a release that would serve a queued request. The request ends as one of the
 * two, and nothing stays open. Shows I12 and I48.
 */
@JCStressTest
@Outcome(
        id = "granted, gone, 0 open",
        expect = ACCEPTABLE,
        desc = "The grant was faster; the close revoked that lease.")
@Outcome(id = "timed out, gone, 0 open", expect = ACCEPTABLE, desc = "The close was faster: the request failed.")
@Outcome(id = "waits, .*", expect = FORBIDDEN, desc = "The request is never completed.")
@Outcome(expect = FORBIDDEN, desc = "The connection has outlived the pool.")
@State
public class CloseGrantStress {
    private final StressPool stress = new StressPool(1, 1);
    private final Lease<String, StressConnection> lease = stress.lease(StressPool.A);
    private final CompletableFuture<Lease<String, StressConnection>> request = stress.queue(StressPool.A);

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
        r.r1 = StressPool.outcome(request);
        r.r2 = stress.booksAndOpen(StressPool.A);
    }
}
