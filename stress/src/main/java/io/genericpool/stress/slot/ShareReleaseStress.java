package io.genericpool.stress.slot;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.genericpool.Lease;
import io.genericpool.stress.support.StressConnection;
import io.genericpool.stress.support.StressPool;
import io.genericpool.stress.support.StressShares;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * The share of a limit that processes share falls to one while both leases are released. Both threads tell what the
 * endpoint holds. Shows I60 and I62: the last that was told is what holds in the end.
 */
@JCStressTest
@Outcome(
        id = "0 leased, 1 idle, 0 waiting, 1 open, told 1 of 1",
        expect = ACCEPTABLE,
        desc = "One of the two went, and that was told last.")
@Outcome(id = "0 leased, 2 idle.*", expect = FORBIDDEN, desc = "Two idle connections beside a share of one.")
@Outcome(expect = FORBIDDEN, desc = "A slot was lost, or an old number was told last.")
@State
public class ShareReleaseStress {
    private final StressShares shares = new StressShares();
    private final StressPool stress = new StressPool(2, 2, Runnable::run, knobs -> knobs.sharedLimits(shares));
    private final Lease<String, StressConnection> lease;
    private final Lease<String, StressConnection> other;

    public ShareReleaseStress() {
        CompletableFuture<Lease<String, StressConnection>> first = stress.queue(StressPool.A);
        shares.give(StressPool.A, 1, 2);
        lease = first.join();
        other = stress.lease(StressPool.A);
    }

    @Actor
    public void taker() {
        shares.give(StressPool.A, 2, 1);
    }

    @Actor
    public void releaser() {
        lease.release();
        other.release();
    }

    @Arbiter
    public void books(L_Result r) {
        r.r1 = stress.booksAndOpen(StressPool.A) + ", " + shares.told();
    }
}
