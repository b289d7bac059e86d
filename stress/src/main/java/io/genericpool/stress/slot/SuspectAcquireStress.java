package io.genericpool.stress.slot;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.PoolConfig;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import io.genericpool.stress.support.StillClock;
import io.genericpool.stress.support.StressPool;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A leased connection dies of an error, which makes the older, idle one suspect; at the same time a request takes the
 * idle one on the fast path and gives it back. A request that begins when the signal has returned gets the older one
 * only after a check, whichever of the four steps the suspicion fell between. Shows I18.
 */
@JCStressTest
@Outcome(
        id = "the older one, checked, 2 leased, 0 idle",
        expect = ACCEPTABLE,
        desc = "It was checked before it was handed out.")
@Outcome(
        id = "the older one, unchecked, .*",
        expect = FORBIDDEN,
        desc = "Handed out as it was, after the signal of the other's death had returned.")
@Outcome(id = "nothing, .*", expect = FORBIDDEN, desc = "The request waits beside a connection that could be checked.")
@Outcome(expect = FORBIDDEN, desc = "A slot was lost.")
@State
public class SuspectAcquireStress {
    private static final IOException RESET = new IOException("reset");

    /** Has no hook that would keep acquires or releases from the fast path, and checks on its connect executor. */
    private static final class Manager implements ConnectionManager<String, Manager.Connection> {
        static final class Connection {
            @Nullable
            ConnectionSignals signals;

            volatile boolean isChecked;
        }

        @Override
        public Connection create(String endpoint, Duration timeout) {
            return new Connection();
        }

        @Override
        public void bind(String endpoint, Connection connection, ConnectionSignals signals) {
            connection.signals = signals;
        }

        @Override
        public boolean checkAliveness(String endpoint, Connection connection, Duration timeout) {
            connection.isChecked = true;
            return true;
        }

        @Override
        public void dispose(String endpoint, Connection connection, Duration timeout) {}
    }

    private final ConnectionPool<String, Manager.Connection> pool = ConnectionPools.builder(new Manager())
            .name("stress")
            .maxSize(2)
            .totalMaxSize(2)
            .clock(new StillClock())
            .connectExecutor(Runnable::run)
            .completionExecutor(Runnable::run)
            .alivenessBypass(PoolConfig.NO_LIMIT)
            .acquireTimeout(PoolConfig.NO_LIMIT)
            .connectTimeout(PoolConfig.NO_LIMIT)
            .checkTimeout(PoolConfig.NO_LIMIT)
            .maxLifetime(PoolConfig.NO_LIMIT)
            .build();
    private final Lease<String, Manager.Connection> dying = pool.connection(StressPool.A);
    private final Manager.Connection older = makeIdle();
    private CompletableFuture<Lease<String, Manager.Connection>> request = new CompletableFuture<>();

    private Manager.Connection makeIdle() {
        Lease<String, Manager.Connection> lease = pool.connection(StressPool.A);
        Manager.Connection connection = lease.connection();
        lease.release();
        return connection;
    }

    @Actor
    public void signaller() {
        ConnectionSignals signals = dying.connection().signals;
        if (signals != null) {
            signals.dead(RESET);
        }
        request = pool.connectionAsync(StressPool.A);
    }

    @Actor
    public void user() {
        pool.tryConnection(StressPool.A).ifPresent(Lease::release);
    }

    @Arbiter
    public void outcome(LL_Result r) {
        if (request.isDone() && request.join().connection() == older) {
            r.r1 = older.isChecked ? "the older one, checked" : "the older one, unchecked";
        } else {
            r.r1 = request.isDone() ? "another one" : "nothing";
        }
        var stats = pool.stats();
        r.r2 = stats.leased() + " leased, " + stats.idle() + " idle";
    }
}
