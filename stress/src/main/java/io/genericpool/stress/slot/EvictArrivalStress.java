package io.genericpool.stress.slot;

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
 * A connect arrives while its endpoint is evicted; the credentials have changed before. Whatever the request got, the
 * next holder after it has a connection of the new generation. Shows I5.
 */
@JCStressTest
@Outcome(
        id = "granted, new",
        expect = ACCEPTABLE,
        desc = "The connect was started again, or its connection went at the release.")
@Outcome(id = "granted, old", expect = FORBIDDEN, desc = "A connection of the old generation has stayed in the pool.")
@Outcome(expect = FORBIDDEN, desc = "The request was lost.")
@State
public class EvictArrivalStress {
    private final StressPool stress = new StressPool(1, 1);
    private CompletableFuture<Lease<String, StressConnection>> request = new CompletableFuture<>();

    @Actor
    public void acquirer() {
        request = stress.queue(StressPool.A);
    }

    @Actor
    public void evictor() {
        stress.generation.incrementAndGet();
        stress.pool.evict(StressPool.A);
    }

    @Arbiter
    public void books(LL_Result r) {
        r.r1 = StressPool.outcome(request);
        request.thenAccept(Lease::release);
        r.r2 = stress.lease(StressPool.A).connection().generation == 1 ? "new" : "old";
    }
}
