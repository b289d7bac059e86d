package io.genericpool.examples.fleet;

import io.genericpool.fleet.jdbc.PostgresEngine;
import io.genericpool.fleet.redis.RedisEngine;
import io.genericpool.spi.shared.FleetEngine;
import java.io.File;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import javax.sql.DataSource;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.SslOptions;
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

    static UnifiedJedis clusterWithTls(File trustStore, char[] password) {
        SslOptions tls = SslOptions.builder()
                .trustStoreType("PKCS12")
                .truststore(trustStore, password)
                .build();
        return RedisClusterClient.builder()
                .nodes(Set.of(new HostAndPort("redis-1.example.org", 6379)))
                .clientConfig(DefaultJedisClientConfig.builder()
                        .user("fleet")
                        .password("secret")
                        .sslOptions(tls)
                        .socketTimeoutMillis(2_000) // less than the heartbeat
                        .blockingSocketTimeoutMillis(15_000) // a silent connection for hints is replaced
                        .build())
                .maxTotalRetriesDuration(Duration.ofSeconds(2))
                .build();
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
