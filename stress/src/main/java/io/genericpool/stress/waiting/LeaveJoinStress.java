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
 * An endpoint's last connection is evicted, so that the endpoint leaves the map, while a request looks it up. Shows
 * I47.
 */
@JCStressTest
@Outcome(
        id = "granted, 1 leased, 0 idle, 0 waiting, 1 open",
        expect = ACCEPTABLE,
        desc = "With the old connection, or at the endpoint that joined anew.")
@Outcome(id = "waits, .*", expect = FORBIDDEN, desc = "The request waits at an endpoint that has left.")
@Outcome(id = "granted, gone.*", expect = FORBIDDEN, desc = "A lease of an endpoint that the pool does not know.")
@Outcome(expect = FORBIDDEN, desc = "A slot was lost.")
@State
public class LeaveJoinStress {
    private final StressPool stress = new StressPool(1, 1);
    private CompletableFuture<Lease<String, StressConnection>> request = new CompletableFuture<>();

    public LeaveJoinStress() {
        stress.lease(StressPool.A).release();
    }

    @Actor
    public void evictor() {
        stress.pool.evict(StressPool.A);
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
