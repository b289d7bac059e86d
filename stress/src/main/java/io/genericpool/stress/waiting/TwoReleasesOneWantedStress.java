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

/** B wants one permit; two holders at A release at once. Exactly one of their connections gives way. Shows I17. */
@JCStressTest
@Outcome(
        id = "granted, 0 leased, 1 idle, 0 waiting; peak 2",
        expect = ACCEPTABLE,
        desc = "One connection was disposed for B, the other serves A.")
@Outcome(id = "granted, gone.*", expect = FORBIDDEN, desc = "Both were disposed for one permit.")
@Outcome(id = "waits, .*", expect = FORBIDDEN, desc = "B starves beside idle connections.")
@Outcome(expect = FORBIDDEN, desc = "A slot or its permit was lost.")
@State
public class TwoReleasesOneWantedStress {
    private final StressPool stress = new StressPool(2, 2);
    private final Lease<String, StressConnection> lease = stress.lease(StressPool.A);
    private final Lease<String, StressConnection> other = stress.lease(StressPool.A);
    private final CompletableFuture<Lease<String, StressConnection>> request = stress.queue(StressPool.B);

    @Actor
    public void releaser() {
        lease.release();
    }

    @Actor
    public void otherReleaser() {
        other.release();
    }

    @Arbiter
    public void books(LL_Result r) {
        r.r1 = StressPool.outcome(request);
        r.r2 = stress.books(StressPool.A) + "; peak " + stress.peak.get();
    }
}
