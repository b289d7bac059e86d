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
 * A queued future is cancelled while the holder releases. It ends as one of the two, and a lease that was on its way
 * to a cancelled future comes back. Shows I12 and I46.
 */
@JCStressTest
@Outcome(
        id = "granted, 1 leased, 0 idle, 0 waiting",
        expect = ACCEPTABLE,
        desc = "The grant was faster: cancel returned false.")
@Outcome(
        id = "cancelled, 0 leased, 1 idle, 0 waiting",
        expect = ACCEPTABLE,
        desc = "The cancel was faster, and the connection is free.")
@Outcome(id = "cancelled, 1 leased.*", expect = FORBIDDEN, desc = "The cancelled request has stranded a connection.")
@Outcome(id = "granted, 0 leased.*", expect = FORBIDDEN, desc = "A lease of a connection that is free.")
@Outcome(id = "waits, .*", expect = FORBIDDEN, desc = "The request is never completed.")
@Outcome(expect = FORBIDDEN, desc = "The slot or its permit was lost, or a dead waiter stayed queued.")
@State
public class CancelGrantStress {
    private final StressPool stress = new StressPool(1, 1);
    private final Lease<String, StressConnection> lease = stress.lease(StressPool.A);
    private final CompletableFuture<Lease<String, StressConnection>> request = stress.queue(StressPool.A);

    @Actor
    public void releaser() {
        lease.release();
    }

    @Actor
    public void canceller() {
        request.cancel(true);
    }

    @Arbiter
    public void books(LL_Result r) {
        r.r1 = StressPool.outcome(request);
        r.r2 = stress.books(StressPool.A);
    }
}
