package io.genericpool.stress.slot;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.genericpool.Lease;
import io.genericpool.stress.support.StressConnection;
import io.genericpool.stress.support.StressPool;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A release races a look that takes the places of leased connections out of the map. The connection is found by that look,
 * or by a later one. Shows I41.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The look found it.")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The look came before the release, and the next one finds it.")
@Outcome(id = "0, 0", expect = FORBIDDEN, desc = "It is idle, and no look finds it.")
@Outcome(id = "1, 1", expect = FORBIDDEN, desc = "It is in two hands.")
@State
public class ListReleaseStress {
    /** More than the places that a look goes through without a map. */
    private static final int CONNECTIONS = 40;

    private final StressPool stress = new StressPool(CONNECTIONS, CONNECTIONS);
    private final Lease<String, StressConnection> lease;

    public ListReleaseStress() {
        List<Lease<String, StressConnection>> all = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            all.add(stress.lease(StressPool.A));
        }
        lease = all.get(CONNECTIONS / 2);
    }

    @Actor
    public void releaser() {
        lease.release();
    }

    @Actor
    public void looker(II_Result r) {
        r.r1 = stress.pool.tryConnection(StressPool.A).isPresent() ? 1 : 0;
    }

    @Arbiter
    public void later(II_Result r) {
        r.r2 = stress.pool.tryConnection(StressPool.A).isPresent() ? 1 : 0;
    }
}
