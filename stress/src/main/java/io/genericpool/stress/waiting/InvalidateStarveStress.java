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
 * A holder at A invalidates the connection that has the pool's only permit while a request at B begins to starve for
 * it. Shows I14 and I15.
 */
@JCStressTest
@Outcome(id = "granted, gone; peak 1", expect = ACCEPTABLE, desc = "The permit was handed on, or was free by then.")
@Outcome(id = "waits, .*", expect = FORBIDDEN, desc = "The permit came back unnoticed.")
@Outcome(expect = FORBIDDEN, desc = "The permit was lost, or used twice.")
@State
public class InvalidateStarveStress {
    private final StressPool stress = new StressPool(1, 1);
    private final Lease<String, StressConnection> lease = stress.lease(StressPool.A);
    private CompletableFuture<Lease<String, StressConnection>> request = new CompletableFuture<>();

    @Actor
    public void invalidator() {
        lease.invalidate();
    }

    @Actor
    public void acquirer() {
        request = stress.queue(StressPool.B);
    }

    @Arbiter
    public void books(LL_Result r) {
        r.r1 = StressPool.outcome(request);
        r.r2 = stress.books(StressPool.A) + "; peak " + stress.peak.get();
    }
}
