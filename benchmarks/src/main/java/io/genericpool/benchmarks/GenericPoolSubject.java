package io.genericpool.benchmarks;

import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectionManager;
import java.time.Duration;

/**
 * This project's pool with its features on: both limits, min idle, every timeout, lifetime, aliveness check with bypass,
 * collector. No listener, no leak detection. Connects run inline, which only makes the set-up quicker. The bypass is longer
 * than one round over 100,000 endpoints ever takes: peers do not check aliveness, so a round that does is another case.
 */
final class GenericPoolSubject extends Subject<Lease<String, BenchConnection>> {
    final ConnectionPool<String, BenchConnection> pool;

    GenericPoolSubject(int maxSize, int total, Opener opener) {
        pool = ConnectionPools.builder(new Manager(opener))
                .name("benchmark")
                .minIdle(1)
                .maxSize(maxSize)
                .totalMaxSize(total)
                .acquireTimeout(Duration.ofSeconds(30))
                .connectTimeout(Duration.ofSeconds(10))
                .idleTimeout(Duration.ofSeconds(60))
                .maxLifetime(Duration.ofHours(1))
                .alivenessBypass(Duration.ofSeconds(30))
                .backgroundCollector(true)
                .connectExecutor(Runnable::run)
                .build();
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
            opener.close(endpoint, connection);
        }
    }

    @Override
    Lease<String, BenchConnection> acquire(String endpoint) {
        return pool.connection(endpoint);
    }

    @Override
    BenchConnection connection(Lease<String, BenchConnection> lease) {
        return lease.connection();
    }

    @Override
    void release(String endpoint, Lease<String, BenchConnection> lease) {
        lease.release();
    }

    @Override
    public void close() {
        pool.close();
    }
}
