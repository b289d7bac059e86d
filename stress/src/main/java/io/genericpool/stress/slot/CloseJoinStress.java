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

/** A close meets the first request for an endpoint, which joins the map at that moment. Shows I47 and I48. */
@JCStressTest
@Outcome(
        id = "granted, gone, 0 open",
        expect = ACCEPTABLE,
        desc = "The request was faster; the close revoked its lease.")
@Outcome(id = "timed out, gone, 0 open", expect = ACCEPTABLE, desc = "The close was faster: the request failed.")
@Outcome(id = "waits, .*", expect = FORBIDDEN, desc = "The request has joined a closed pool unseen.")
@Outcome(expect = FORBIDDEN, desc = "A connection has outlived the pool.")
@State
public class CloseJoinStress {
    private final StressPool stress = new StressPool(1, 1);
    private CompletableFuture<Lease<String, StressConnection>> request = new CompletableFuture<>();

    @Actor
    public void closer() {
        stress.pool.close(Duration.ZERO);
    }

    @Actor
    public void acquirer() {
        request = stress.queue(StressPool.A);
    }

    @Arbiter
    public void books(LL_Result r) {
        r.r1 = StressPool.outcome(request);
        r.r2 = stress.booksAndOpen(StressPool.A);
    }
}
