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
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * A request of a group waits at two members. It is cancelled while the connection of one and then that of the other is released.
 * It ends in one way, and what it does not hold is free. Shows I12, I54 and I55.
 */
@JCStressTest
@Outcome(
        id = "granted, 1 leased, 0 idle, 0 waiting, 0 leased, 1 idle, 0 waiting",
        expect = ACCEPTABLE,
        desc = "The delivery was faster: cancel returned false.")
@Outcome(
        id = "granted, 0 leased, 1 idle, 0 waiting, 1 leased, 0 idle, 0 waiting",
        expect = FORBIDDEN,
        desc = "The first member has passed over a request that waits.")
@Outcome(
        id = "cancelled, 0 leased, 1 idle, 0 waiting, 0 leased, 1 idle, 0 waiting",
        expect = ACCEPTABLE,
        desc = "The cancel was faster, and both connections are free.")
@Outcome(id = "cancelled, .*1 leased.*", expect = FORBIDDEN, desc = "The cancelled request has stranded a connection.")
@Outcome(id = "waits, .*", expect = FORBIDDEN, desc = "The request is never completed.")
@Outcome(expect = FORBIDDEN, desc = "A connection was lost, or a ticket stayed queued.")
@State
public class GroupCancelDeliveriesStress {
    private final StressPool stress = new StressPool(1, 2);
    private final Lease<String, StressConnection> atA = stress.lease(StressPool.A);
    private final Lease<String, StressConnection> atB = stress.lease(StressPool.B);
    private final CompletableFuture<Lease<String, StressConnection>> request = stress.queueAtBoth();

    @Actor
    public void releaser() {
        atA.release();
        atB.release();
    }

    @Actor
    public void canceller() {
        request.cancel(true);
    }

    @Arbiter
    public void books(LLL_Result r) {
        r.r1 = StressPool.outcome(request);
        r.r2 = stress.books(StressPool.A);
        r.r3 = stress.books(StressPool.B);
    }
}
