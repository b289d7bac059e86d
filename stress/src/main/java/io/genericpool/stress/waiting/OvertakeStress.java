package io.genericpool.stress.waiting;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.genericpool.Lease;
import io.genericpool.stress.support.StressConnection;
import io.genericpool.stress.support.StressPool;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A request is queued; the holder releases and, if it knows of that request by then, must not take the connection
 * again before it. Shows I8.
 */
@JCStressTest
@Outcome(id = "granted, nothing", expect = ACCEPTABLE, desc = "The request was served.")
@Outcome(
        id = "waits, mine before it was queued",
        expect = ACCEPTABLE,
        desc = "The connection was taken before the request stood in the queue; the request waits for that release.")
@Outcome(
        id = ".*, overtook",
        expect = FORBIDDEN,
        desc = "A call that began after the request was queued took its connection.")
@Outcome(id = "waits, nothing", expect = FORBIDDEN, desc = "Lost wake-up.")
@Outcome(expect = FORBIDDEN, desc = "The connection is in two hands.")
@State
public class OvertakeStress {
    private final StressPool stress = new StressPool(1, 1);
    private final Lease<String, StressConnection> lease = stress.lease(StressPool.A);
    private CompletableFuture<Lease<String, StressConnection>> request = new CompletableFuture<>();
    private volatile boolean isQueued;
    private Optional<Lease<String, StressConnection>> next = Optional.empty();

    @Actor
    public void acquirer() {
        request = stress.queue(StressPool.A);
        isQueued = true;
    }

    @Actor
    public void releaser(LL_Result r) {
        lease.release();
        boolean wasQueued = isQueued;
        next = stress.pool.tryConnection(StressPool.A);
        r.r2 = next.isEmpty() ? "nothing" : wasQueued ? "overtook" : "mine before it was queued";
    }

    @Arbiter
    public void books(LL_Result r) {
        r.r1 = StressPool.outcome(request);
    }
}
