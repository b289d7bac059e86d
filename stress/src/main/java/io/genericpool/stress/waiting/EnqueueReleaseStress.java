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
 * The first Dekker pair. One thread queues for the endpoint's only connection (raises the WAITERS bit, then looks for
 * idle slots) while its holder releases it on the fast path (makes it idle, then reads the bit). Shows I6.
 */
@JCStressTest
@Outcome(
        id = "granted, 1 leased, 0 idle, 0 waiting",
        expect = ACCEPTABLE,
        desc = "The request found the idle connection, or the release found the waiter.")
@Outcome(id = "waits, .*", expect = FORBIDDEN, desc = "Lost wake-up: a waiter is left beside an idle connection.")
@Outcome(expect = FORBIDDEN, desc = "The books do not agree with what happened.")
@State
public class EnqueueReleaseStress {
    private final StressPool stress = new StressPool(1, 1);
    private final Lease<String, StressConnection> lease = stress.lease(StressPool.A);
    private CompletableFuture<Lease<String, StressConnection>> request = new CompletableFuture<>();

    @Actor
    public void acquirer() {
        request = stress.queue(StressPool.A);
    }

    @Actor
    public void releaser() {
        lease.release();
    }

    @Arbiter
    public void books(LL_Result r) {
        r.r1 = StressPool.outcome(request);
        r.r2 = stress.books(StressPool.A);
    }
}
