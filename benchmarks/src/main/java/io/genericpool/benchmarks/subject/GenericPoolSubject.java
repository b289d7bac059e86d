package io.genericpool.benchmarks.subject;

import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.fleet.FleetLimits;
import io.genericpool.fleet.InProcessEngine;
import io.genericpool.spi.ConnectionManager;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * This project's pool with its features on: both limits, min idle, every timeout, lifetime, aliveness check with bypass,
 * collector. No listener, no leak detection, unless asked for. The bypass is longer than one round over 100,000 endpoints
 * ever takes: peers do not check aliveness, so a round that does is another case.
 */
public final class GenericPoolSubject extends Subject<Lease<String, BenchConnection>> {
    public final ConnectionPool<String, BenchConnection> pool;

    public GenericPoolSubject(
            int maxSize, int total, Opener opener, Consumer<ConnectionPoolBuilder<String, BenchConnection>> options) {
        ConnectionPoolBuilder<String, BenchConnection> builder = ConnectionPools.builder(new Manager(opener))
                .name("benchmark")
                .minIdle(1)
                .maxSize(maxSize)
                .totalMaxSize(total)
                .acquireTimeout(Duration.ofSeconds(30))
                .connectTimeout(Duration.ofSeconds(10))
                .idleTimeout(Duration.ofSeconds(60))
                .maxLifetime(Duration.ofHours(1))
                .alivenessBypass(Duration.ofSeconds(30))
                .backgroundCollector(true);
        options.accept(builder);
        pool = builder.build();
    }

    /** Connects run on the caller's thread, as those of the peers do: it makes the set-up quicker. */
    public static GenericPoolSubject inline(int maxSize, int total, Opener opener) {
        return new GenericPoolSubject(maxSize, total, opener, builder -> builder.connectExecutor(Runnable::run));
    }

    /** The same with a listener, which counts as one for metrics does, and leak detection. */
    public static GenericPoolSubject observed(int maxSize, int total, Opener opener) {
        return new GenericPoolSubject(maxSize, total, opener, builder -> builder.connectExecutor(Runnable::run)
                .listener(new CountingListener())
                .leakDetectionThreshold(Duration.ofMinutes(1)));
    }

    /** The same with futures that are completed by the thread that releases, instead of one of the pool's. */
    public static GenericPoolSubject direct(int maxSize, int total, Opener opener) {
        return new GenericPoolSubject(maxSize, total, opener, builder -> builder.connectExecutor(Runnable::run)
                .completionExecutor(Runnable::run));
    }

    /** The same in a fleet of one process, whose ledger is in this process and grants all that is asked for. */
    public static GenericPoolSubject shared(int maxSize, int total, Opener opener) {
        return new GenericPoolSubject(maxSize, total, opener, builder -> builder.connectExecutor(Runnable::run)
                .sharedLimits(FleetLimits.<String>builder(new InProcessEngine())
                        .name("benchmark")
                        .cap(endpoint -> maxSize)
                        .build()));
    }

    private static final class Manager implements ConnectionManager<String, BenchConnection> {
        private final Opener opener;

        Manager(Opener opener) {
            this.opener = opener;
        }

        @Override
        public BenchConnection create(String endpoint, Duration timeout) {
            return opener.open(endpoint);
        }

        @Override
        public boolean checkAliveness(String endpoint, BenchConnection connection, Duration timeout) {
            return connection.isOpen;
        }

        @Override
        public boolean isAlivenessCheckInstant() {
            return true;
        }

        @Override
        public void dispose(String endpoint, BenchConnection connection, Duration timeout) {
            opener.close(connection);
        }
    }

    @Override
    public Lease<String, BenchConnection> acquire(String endpoint) {
        return pool.connection(endpoint);
    }

    @Override
    public CompletionStage<Lease<String, BenchConnection>> acquireAsync(String endpoint) {
        return pool.connectionAsync(endpoint);
    }

    @Override
    public BenchConnection connection(Lease<String, BenchConnection> lease) {
        return lease.connection();
    }

    @Override
    public void release(String endpoint, Lease<String, BenchConnection> lease) {
        lease.release();
    }

    @Override
    public int idle() {
        return pool.stats().idle();
    }

    @Override
    public void close() {
        pool.close();
    }
}
