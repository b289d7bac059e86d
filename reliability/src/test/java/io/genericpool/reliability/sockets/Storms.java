package io.genericpool.reliability.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genericpool.PoolStats;
import io.genericpool.core.ConnectionPools;
import io.genericpool.reliability.Footprint;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.spi.ConnectionManager;
import java.time.Duration;

/** How each plug-in is stormed: with the same pool, and twice, so that what stays can be told from what piles up. */
final class Storms {
    private static final int MAX_SIZE = 12;

    /** More than a second: a driver whose own bound is in whole seconds needs that long to say goodbye to a silent peer. */
    private static final Duration DISPOSE_TIMEOUT = Duration.ofSeconds(5);

    private Storms() {}

    /** One storm with a manager, a proxy and a pool of its own, all closed in the end. */
    interface Storm {
        void run(String kind, int connects) throws Exception;
    }

    /** Storms a little, so that libraries start what they keep, and then at length: heap, threads and descriptors return. */
    static void leaveNothingBehind(String kind, Storm storm) throws Exception {
        storm.run("warm-up of " + kind, SocketStorm.WARM_UP);
        var before = Footprint.take();
        storm.run(kind, SocketStorm.CONNECTS);
        before.awaitReturn();
        System.out.printf("reliability E: %s: before: %s; after: %s%n", kind, before, Footprint.take());
    }

    /** A storm through a proxy, from an empty pool to a closed one. */
    static <E, C> void run(
            String kind,
            int connects,
            ConnectionManager<E, C> manager,
            E endpoint,
            FaultyProxy proxy,
            SocketStorm.Exchange<C> exchange)
            throws Exception {
        var pool = ConnectionPools.builder(manager)
                .maxSize(MAX_SIZE)
                .totalMaxSize(MAX_SIZE)
                .maxConnectsPerEndpoint(MAX_SIZE)
                .maxLeases(5)
                .connectTimeout(Duration.ofMillis(500))
                .disposeTimeout(DISPOSE_TIMEOUT)
                .connectGovernor(ConnectGovernor.unlimited()) // the faults are the endpoint's, on purpose
                .build();

        new SocketStorm<>(kind, connects, pool, endpoint, proxy, exchange).run();

        await().atMost(Duration.ofSeconds(30)).until(() -> isSettled(pool.stats()));
        assertThat(pool.close(Duration.ofSeconds(10)).isClean()).isTrue();
        assertThat(pool.stats().created()).isEqualTo(pool.stats().disposed());
    }

    /** A driver whose own bound is in whole seconds returns after the pool has given its connection attempt up. */
    private static boolean isSettled(PoolStats stats) {
        return stats.total() == stats.idle() && stats.abandoned() == 0;
    }
}
