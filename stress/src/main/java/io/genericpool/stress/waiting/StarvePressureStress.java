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
 * The second Dekker pair. Endpoint A holds the pool's only permit. B begins to starve for it (raises the pressure,
 * then looks for idle connections) while A's holder releases on the fast path (makes the connection idle, then reads
 * the pressure). No collector helps here: its timer never fires. Shows I7.
 */
@JCStressTest
@Outcome(
        id = "granted, gone; peak 1",
        expect = ACCEPTABLE,
        desc = "A's connection was disposed for B, and B has its own.")
@Outcome(id = "waits, .*", expect = FORBIDDEN, desc = "B waits beside an idle connection of A.")
@Outcome(id = ".*peak 2", expect = FORBIDDEN, desc = "More connections were open than the total allows.")
@Outcome(expect = FORBIDDEN, desc = "A's slot or its permit was lost.")
@State
public class StarvePressureStress {
    private final StressPool stress = new StressPool(1, 1);
    private final Lease<String, StressConnection> lease = stress.lease(StressPool.A);
    private CompletableFuture<Lease<String, StressConnection>> request = new CompletableFuture<>();

    @Actor
    public void starving() {
        request = stress.queue(StressPool.B);
    }

    @Actor
    public void releaser() {
        lease.release();
    }

    @Arbiter
    public void books(LL_Result r) {
        r.r1 = StressPool.outcome(request);
        r.r2 = stress.books(StressPool.A) + "; peak " + stress.peak.get();
    }
}
