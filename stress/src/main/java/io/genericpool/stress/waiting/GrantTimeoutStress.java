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
 * Asynchronous. A request is queued; its deadline passes while the holder releases. One CAS decides: either it has
 * the connection, or it has timed out and the connection is idle for the next. Shows I12.
 */
@JCStressTest
@Outcome(
        id = "granted, 1 leased, 0 idle, 0 waiting",
        expect = ACCEPTABLE,
        desc = "The delivery was faster than the deadline.")
@Outcome(
        id = "timed out, 0 leased, 1 idle, 0 waiting",
        expect = ACCEPTABLE,
        desc = "The deadline was faster, and the connection is free.")
@Outcome(
        id = "timed out, 1 leased.*",
        expect = FORBIDDEN,
        desc = "Both: a connection leased to a request that gave up.")
@Outcome(id = "granted, 0 leased.*", expect = FORBIDDEN, desc = "Both: a lease of a connection that is free.")
@Outcome(id = "waits, .*", expect = FORBIDDEN, desc = "Neither: the request is never completed.")
@Outcome(expect = FORBIDDEN, desc = "The slot or its permit was lost, or a dead waiter stayed queued.")
@State
public class GrantTimeoutStress {
    private final StressPool stress = new StressPool(1, 1);
    private final Lease<String, StressConnection> lease = stress.lease(StressPool.A);
    private final CompletableFuture<Lease<String, StressConnection>> request = stress.queueWithDeadline(StressPool.A);

    @Actor
    public void releaser() {
        lease.release();
    }

    @Actor
    public void deadline() {
        stress.clock.reachDeadline();
    }

    @Arbiter
    public void books(LL_Result r) {
        r.r1 = StressPool.outcome(request);
        r.r2 = stress.books(StressPool.A);
    }
}
