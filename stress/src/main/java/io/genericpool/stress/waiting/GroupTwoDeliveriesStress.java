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
 * A request of a group waits at two members, and both connections are released at the same moment. One of them serves it, and
 * the other one stays free. Shows I12, I54 and I55.
 */
@JCStressTest
@Outcome(
        id = "a, 1 leased, 0 idle, 0 waiting, 0 leased, 1 idle, 0 waiting",
        expect = ACCEPTABLE,
        desc = "The first member was faster.")
@Outcome(
        id = "b, 0 leased, 1 idle, 0 waiting, 1 leased, 0 idle, 0 waiting",
        expect = ACCEPTABLE,
        desc = "The second member was faster.")
@Outcome(id = "waits, .*", expect = FORBIDDEN, desc = "Each of the two has left it to the other.")
@Outcome(
        id = "., 1 leased, 0 idle, . waiting, 1 leased, 0 idle, . waiting",
        expect = FORBIDDEN,
        desc = "Both were delivered, and one is stranded.")
@Outcome(expect = FORBIDDEN, desc = "A connection was lost, or a ticket stayed queued.")
@State
public class GroupTwoDeliveriesStress {
    private final StressPool stress = new StressPool(1, 2);
    private final Lease<String, StressConnection> atA = stress.lease(StressPool.A);
    private final Lease<String, StressConnection> atB = stress.lease(StressPool.B);
    private final CompletableFuture<Lease<String, StressConnection>> request = stress.queueAtBoth();

    @Actor
    public void releaserAtA() {
        atA.release();
    }

    @Actor
    public void releaserAtB() {
        atB.release();
    }

    @Arbiter
    public void books(LLL_Result r) {
        r.r1 = request.isDone() ? request.join().endpoint() : "waits";
        r.r2 = stress.books(StressPool.A);
        r.r3 = stress.books(StressPool.B);
    }
}
