package io.genericpool.stress.slot;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.genericpool.Lease;
import io.genericpool.stress.support.StressConnection;
import io.genericpool.stress.support.StressPool;
import java.util.Optional;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * Two threads release the same lease; the second then acquires, and may hold the connection again before the first
 * one's release arrives. Exactly one release counts, and the stale one must not end the new lease. The first word is
 * what the acquire of the second thread got; the second is the number of stale releases and the books afterwards.
 * Shows I1 and I2.
 */
@JCStressTest
@Outcome(
        id = "leased, 1 stale; 1 leased, 0 idle, 0 waiting; held",
        expect = ACCEPTABLE,
        desc = "One release ended the lease, the other was stale; the new lease stands.")
@Outcome(
        id = "nothing, 1 stale; 0 leased, 1 idle, 0 waiting; not held",
        expect = ACCEPTABLE_INTERESTING,
        desc = "The first thread owned the slot on its slow path while the second looked for it.")
@Outcome(id = ".*, 0 stale.*", expect = FORBIDDEN, desc = "Both releases counted: a connection is idle twice over.")
@Outcome(id = ".*, 2 stale.*", expect = FORBIDDEN, desc = "No release counted: the slot is lost.")
@Outcome(id = "leased.*; not held", expect = FORBIDDEN, desc = "The stale release ended the lease of the next holder.")
@Outcome(id = ".*shared", expect = FORBIDDEN, desc = "The connection of a lease was handed out a second time.")
@Outcome(expect = FORBIDDEN, desc = "The books do not agree with what happened.")
@State
public class LeaseOnceStress {
    private final StressPool stress = new StressPool(1, 1);
    private final Lease<String, StressConnection> lease = stress.lease(StressPool.A);
    private Optional<Lease<String, StressConnection>> next = Optional.empty();

    @Actor
    public void first() {
        lease.release();
    }

    @Actor
    public void second(LL_Result r) {
        lease.release();
        next = stress.pool.tryConnection(StressPool.A);
        r.r1 = next.isPresent() ? "leased" : "nothing";
    }

    @Arbiter
    public void books(LL_Result r) {
        long stale = stress.pool.stats().staleReleases();
        String held = next.map(it -> isHeld(it) ? "held" : "not held").orElse("not held");
        r.r2 = stale + " stale; " + stress.books(StressPool.A) + "; " + held
                + (next.isPresent() && stress.pool.tryConnection(StressPool.A).isPresent() ? ", shared" : "");
    }

    private static boolean isHeld(Lease<String, StressConnection> lease) {
        try {
            return !lease.connection().isDisposed;
        } catch (IllegalStateException e) {
            return false;
        }
    }
}
