package io.genericpool.stress.waiting;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.genericpool.Lease;
import io.genericpool.PoolConfig;
import io.genericpool.spi.PoolClock;
import io.genericpool.stress.support.StressConnection;
import io.genericpool.stress.support.StressPool;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A thread waits that may be overtaken. The holder releases, takes the connection again if it can, and gives it back. The one
 * that waits is woken and looks, or is woken again after it was overtaken: a lost wake-up would leave it parked for ever. Shows
 * I53.
 */
@JCStressTest
@Outcome(id = "granted, 1 leased, 0 idle, 0 waiting", expect = ACCEPTABLE, desc = "It has come to its connection.")
@Outcome(expect = FORBIDDEN, desc = "The connection was lost, or leased twice.")
@State
public class WokenLookStress {
    /** Stands still, so that the window never ends, and really parks. */
    private static final class ParkingClock implements PoolClock {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public Timer schedule(Runnable task, long delayNanos) {
            return () -> {};
        }

        @Override
        public boolean isManual() {
            return true;
        }

        @Override
        public void park(Object blocker, long nanos) {
            LockSupport.park(blocker);
        }
    }

    private final StressPool stress = new StressPool(
            1, 1, Runnable::run, builder -> builder.clock(new ParkingClock()).overtakeWithin(Duration.ofSeconds(1)));
    private final Lease<String, StressConnection> lease = stress.lease(StressPool.A);

    @Actor
    public void overtaker() {
        lease.release();
        stress.pool.tryConnection(StressPool.A).ifPresent(Lease::release);
    }

    @Actor
    public void waiter(LL_Result r) {
        stress.pool.connection(StressPool.A, PoolConfig.NO_LIMIT);
        r.r1 = "granted";
    }

    @Arbiter
    public void books(LL_Result r) {
        r.r2 = stress.books(StressPool.A);
    }
}
