package io.genericpool.stress.waiting;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.genericpool.Lease;
import io.genericpool.stress.support.HeldTask;
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
 * The connect that covers a request arrives while the request is cancelled: it serves it, or joins the pool. Shows
 * I10.
 */
@JCStressTest
@Outcome(id = "granted, 1 leased, 0 idle, 0 waiting, 1 open", expect = ACCEPTABLE, desc = "The arrival was faster.")
@Outcome(
        id = "cancelled, 0 leased, 1 idle, 0 waiting, 1 open",
        expect = ACCEPTABLE,
        desc = "The cancel was faster: the connection joined the pool.")
@Outcome(expect = FORBIDDEN, desc = "The connection is stranded, or its slot was lost.")
@State
public class ArrivalCancelStress {
    private final HeldTask connect = new HeldTask();
    private final StressPool stress = new StressPool(1, 1, connect);
    private final CompletableFuture<Lease<String, StressConnection>> request = stress.queue(StressPool.A);

    @Actor
    public void arrival() {
        connect.run();
    }

    @Actor
    public void canceller() {
        request.cancel(true);
    }

    @Arbiter
    public void books(LL_Result r) {
        r.r1 = StressPool.outcome(request);
        r.r2 = stress.booksAndOpen(StressPool.A);
    }
}
