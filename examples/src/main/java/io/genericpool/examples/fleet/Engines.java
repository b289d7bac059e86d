package io.genericpool.examples.fleet;

import io.genericpool.fleet.jdbc.PostgresEngine;
import io.genericpool.fleet.redis.RedisEngine;
import io.genericpool.spi.shared.FleetEngine;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import redis.clients.jedis.UnifiedJedis;

/** Where the ledger of a fleet can be. */
final class Engines {
    private Engines() {}

    static FleetEngine onRedis() {
        return RedisEngine.builder(URI.create("rediss://fleet:secret@redis.example.org:6379"))
                .prefix("shop") // all keys begin with {shop:
                .timeout(Duration.ofSeconds(2))
                .build();
    }

    static FleetEngine onClusterOrSentinel(UnifiedJedis client) {
        return RedisEngine.builder(client).build(); // the client stays the caller's
    }

    static FleetEngine onPostgres(DataSource source) throws SQLException {
        PostgresEngine engine = PostgresEngine.builder(source)
                .schema("shop_fleet")
                .timeout(Duration.ofSeconds(2))
                .build();
        engine.install(); // or once, by a migration of the same user
        return engine;
    }
}
