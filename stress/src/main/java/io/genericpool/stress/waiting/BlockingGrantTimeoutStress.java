package io.genericpool.stress.waiting;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.Lease;
import io.genericpool.stress.support.StillClock;
import io.genericpool.stress.support.StressConnection;
import io.genericpool.stress.support.StressPool;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * Blocking. One thread queues, finds nothing delivered and sees its deadline pass at its first park, while the holder
 * releases. Shows I6 and I12.
 */
@JCStressTest
@Outcome(
        id = "granted, 1 leased, 0 idle, 0 waiting",
        expect = ACCEPTABLE,
        desc = "The connection was idle, or was delivered before the deadline.")
@Outcome(
        id = "timed out, 0 leased, 1 idle, 0 waiting",
        expect = ACCEPTABLE,
        desc = "The deadline was faster, and the connection is free.")
@Outcome(
        id = "timed out, 1 leased.*",
        expect = FORBIDDEN,
        desc = "Both: a connection leased to a request that gave up.")
@Outcome(id = "granted, 0 leased.*", expect = FORBIDDEN, desc = "Both: a lease of a connection that is free.")
@Outcome(expect = FORBIDDEN, desc = "The slot or its permit was lost, or a dead waiter stayed queued.")
@State
public class BlockingGrantTimeoutStress {
    private static final Duration TIMEOUT = Duration.ofNanos(StillClock.ACQUIRE);

    private final StressPool stress = new StressPool(1, 1);
    private final Lease<String, StressConnection> lease = stress.lease(StressPool.A);

    @Actor
    public void releaser() {
        lease.release();
    }

    @Actor
    public void acquirer(LL_Result r) {
        try {
            stress.pool.connection(StressPool.A, TIMEOUT);
            r.r1 = "granted";
        } catch (AcquireTimeoutException e) {
            r.r1 = "timed out";
        }
    }

    @Arbiter
    public void books(LL_Result r) {
        r.r2 = stress.books(StressPool.A);
    }
}
