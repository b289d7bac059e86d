package io.genericpool.stress.waiting;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.genericpool.Lease;
import io.genericpool.stress.support.StressConnection;
import io.genericpool.stress.support.StressPool;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * Other code completes a queued future while the holder releases: that counts as cancelling, unless the grant was
 * faster. Shows I46.
 */
@JCStressTest
@Outcome(
        id = "granted, 1 leased, 0 idle, 0 waiting",
        expect = ACCEPTABLE,
        desc = "The grant was faster: complete returned false.")
@Outcome(
        id = "withdrawn, 0 leased, 1 idle, 0 waiting",
        expect = ACCEPTABLE,
        desc = "The outsider was faster, and the connection is free.")
@Outcome(expect = FORBIDDEN, desc = "A connection is stranded, or leased to no caller.")
@State
public class OutsiderGrantStress {
    private final StressPool stress = new StressPool(1, 1);
    private final Lease<String, StressConnection> lease = stress.lease(StressPool.A);
    private final CompletableFuture<Lease<String, StressConnection>> request = stress.queue(StressPool.A);
    private boolean isOutsiders;

    @Actor
    public void releaser() {
        lease.release();
    }

    @Actor
    public void outsider() {
        isOutsiders = request.completeExceptionally(new IllegalStateException());
    }

    @Arbiter
    public void books(LL_Result r) {
        r.r1 = isOutsiders ? "withdrawn" : StressPool.outcome(request);
        r.r2 = stress.books(StressPool.A);
    }
}
