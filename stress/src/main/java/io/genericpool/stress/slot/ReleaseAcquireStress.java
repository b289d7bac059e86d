package io.genericpool.stress.slot;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.genericpool.Lease;
import io.genericpool.stress.support.StressConnection;
import io.genericpool.stress.support.StressPool;
import java.util.Optional;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * What a holder wrote to plain fields before it released is seen by the next holder: the CAS that ends a lease and
 * the one that begins the next order them. Shows I3.
 */
@JCStressTest
@Outcome(id = "-1", expect = ACCEPTABLE, desc = "The acquire came before the release.")
@Outcome(id = "42", expect = ACCEPTABLE, desc = "The next holder sees the last one's plain write.")
@Outcome(id = "0", expect = FORBIDDEN, desc = "Handed out without what its last holder wrote.")
@State
public class ReleaseAcquireStress {
    private final StressPool stress = new StressPool(1, 1);
    private final Lease<String, StressConnection> lease = stress.lease(StressPool.A);

    @Actor
    public void releaser() {
        lease.connection().plain = 42;
        lease.release();
    }

    @Actor
    public void acquirer(I_Result r) {
        Optional<Lease<String, StressConnection>> next = stress.pool.tryConnection(StressPool.A);
        r.r1 = next.isPresent() ? next.get().connection().plain : -1;
    }
}
