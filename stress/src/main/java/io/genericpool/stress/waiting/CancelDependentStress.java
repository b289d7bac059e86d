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
 * The stage that depends on a queued future is cancelled while the holder releases. No other code can reach a lease
 * that such a stage was to get, so the pool must take it back. Shows I46.
 */
@JCStressTest
@Outcome(
        id = "granted, 1 leased, 0 idle, 0 waiting",
        expect = ACCEPTABLE,
        desc = "The stage had completed with the lease: cancelling it came too late.")
@Outcome(
        id = "cancelled, 0 leased, 1 idle, 0 waiting",
        expect = ACCEPTABLE,
        desc = "The request was withdrawn, or its lease came back unseen.")
@Outcome(
        id = "cancelled, gone",
        expect = ACCEPTABLE,
        desc = "The lease was granted already, and its function may have seen the connection: it is invalidated.")
@Outcome(id = "cancelled, 1 leased.*", expect = FORBIDDEN, desc = "The cancelled stage has stranded a connection.")
@Outcome(expect = FORBIDDEN, desc = "The slot or its permit was lost, or a dead waiter stayed queued.")
@State
public class CancelDependentStress {
    private final StressPool stress = new StressPool(1, 1);
    private final Lease<String, StressConnection> lease = stress.lease(StressPool.A);
    private final CompletableFuture<StressConnection> stage =
            stress.queue(StressPool.A).thenApply(Lease::connection);

    @Actor
    public void releaser() {
        lease.release();
    }

    @Actor
    public void canceller() {
        stage.cancel(true);
    }

    @Arbiter
    public void books(LL_Result r) {
        r.r1 = StressPool.outcome(stage);
        r.r2 = stress.books(StressPool.A);
    }
}
