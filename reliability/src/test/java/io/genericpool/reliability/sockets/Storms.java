package io.genericpool.reliability.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genericpool.core.ConnectionPools;
import io.genericpool.reliability.Footprint;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.spi.ConnectionManager;
import java.time.Duration;

/** How each plug-in is stormed: with the same pool, and twice, so that what stays can be told from what piles up. */
final class Storms {
    private static final int MAX_SIZE = 12;

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
                .disposeTimeout(Duration.ofSeconds(1))
                .connectGovernor(ConnectGovernor.unlimited()) // the faults are the endpoint's, on purpose
                .build();

        new SocketStorm<>(kind, connects, pool, endpoint, proxy, exchange).run();

        // A driver whose own bound is in whole seconds comes back after the pool has given its connect up.
        await().atMost(Duration.ofSeconds(30)).until(() -> pool.stats().abandoned() == 0);
        assertThat(pool.close(Duration.ofSeconds(10)).isClean()).isTrue();
        assertThat(pool.stats().created()).isEqualTo(pool.stats().disposed());
    }
}
