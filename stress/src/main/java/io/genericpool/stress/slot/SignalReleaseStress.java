package io.genericpool.stress.slot;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
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
 * A connection dies while its holder releases it and then acquires again. The first word says what the second acquire
 * got, and whether the death had been signalled before that acquire began; the second what is left when that lease,
 * if any, has been released too. Shows I5.
 */
@JCStressTest
@Outcome(
        id = "nothing, gone, disposed",
        expect = ACCEPTABLE,
        desc = "The death was seen by the release, or by the acquire, which left the connection alone.")
@Outcome(
        id = "dying, gone, disposed",
        expect = ACCEPTABLE,
        desc = "It was handed out before the signal returned, and went at the release after that.")
@Outcome(id = "dead, .*", expect = FORBIDDEN, desc = "Handed out although it was known to be dead.")
@Outcome(id = ".*, open", expect = FORBIDDEN, desc = "A dead connection was dropped without being disposed.")
@Outcome(expect = FORBIDDEN, desc = "A dead connection has stayed in the pool, or its slot was lost.")
@State
public class SignalReleaseStress {
    private final StressPool stress = new StressPool(1, 1);
    private final Lease<String, StressConnection> lease = stress.lease(StressPool.A);
    private final StressConnection connection = lease.connection();
    private volatile boolean isSignalled;
    private Optional<Lease<String, StressConnection>> next = Optional.empty();

    @Actor
    public void signal() {
        connection.die();
        isSignalled = true;
    }

    @Actor
    public void releaser(LL_Result r) {
        lease.release();
        boolean wasSignalled = isSignalled;
        next = stress.pool.tryConnection(StressPool.A);
        r.r1 = next.isEmpty() ? "nothing" : wasSignalled ? "dead" : "dying";
    }

    @Arbiter
    public void books(LL_Result r) {
        next.ifPresent(Lease::release);
        r.r2 = stress.books(StressPool.A) + (connection.isDisposed ? ", disposed" : ", open");
    }
}
