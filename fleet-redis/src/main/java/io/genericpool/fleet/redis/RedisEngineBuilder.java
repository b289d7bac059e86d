package io.genericpool.fleet.redis;

import io.genericpool.support.Nanos;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.util.JedisURIHelper;

/** Builds a {@link RedisEngine}. Not thread-safe. */
public final class RedisEngineBuilder {
    private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);
    private static final int LONGEST_PREFIX = 200;
    private static final int MOST_CALLS = 10_000;

    private final @Nullable UnifiedJedis client;
    private final @Nullable URI server;
    private String prefix = "genericpool";
    private Duration timeout = Duration.ofSeconds(2);
    /** Each call asks for a sign on the connection for hints. If none comes for so long, it is replaced. */
    private Duration silence = Duration.ofSeconds(15);

    RedisEngineBuilder(UnifiedJedis client) {
        this.client = client;
        this.server = null;
    }

    RedisEngineBuilder(URI server) {
        boolean isRedis = JedisURIHelper.isRedisScheme(server) || JedisURIHelper.isRedisSSLScheme(server);
        if (!isRedis || server.getHost() == null) {
            throw new IllegalArgumentException("server must be redis:// or rediss:// with a host, but its scheme is '"
                    + server.getScheme() + "' and its host '" + server.getHost() + "'"); // the rest may hold a password
        }
        this.client = null;
        this.server = server;
    }

    /**
     * Sets what the names of all keys begin with, after the brace of the hash tag. A user's rights may be limited to
     * <code>~{prefix:*</code>. Default: {@code genericpool}.
     *
     * @param value one to 200 characters without braces; equal in all processes
     * @return this
     */
    public RedisEngineBuilder prefix(String value) {
        if (value.isBlank() || value.length() > LONGEST_PREFIX || value.matches("(?s).*[{}].*")) {
            throw new IllegalArgumentException(
                    "prefix must have 1 to " + LONGEST_PREFIX + " characters and no braces, but is '" + value + "'");
        }
        prefix = value;
        return this;
    }

    /**
     * Sets how long a call may take, with the time that it waits for calls before it and for a new connection. Then it
     * fails. Default: 2 s.
     *
     * @param value 10 ms to 1 h; less than the heartbeat of the fleet
     * @return this
     */
    public RedisEngineBuilder timeout(Duration value) {
        Objects.requireNonNull(value, "timeout");
        if (value.compareTo(Duration.ofMillis(10)) < 0 || value.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "timeout must be 10 ms to " + Nanos.text(LONGEST_TIMEOUT) + ", but is " + Nanos.text(value));
        }
        timeout = value;
        return this;
    }

    /** For tests. */
    RedisEngineBuilder silence(Duration value) {
        silence = value;
        return this;
    }

    /**
     * Builds the engine. This opens no connection.
     *
     * @return a new engine
     */
    public RedisEngine build() {
        UnifiedJedis given = client;
        UnifiedJedis redis = given == null ? connectTo(Objects.requireNonNull(server)) : given;
        return new RedisEngine(
                redis,
                given == null,
                new LedgerScript(redis, prefix, LedgerScript.SOURCE),
                timeout.toNanos(),
                MOST_CALLS);
    }

    private UnifiedJedis connectTo(URI uri) {
        int millis = Math.toIntExact(timeout.toMillis());
        var connections = new ConnectionPoolConfig();
        connections.setMaxTotal(3); // calls, hints, and hints of before that have not ended yet
        connections.setMaxIdle(1);
        connections.setMinIdle(0);
        connections.setMaxWait(timeout);
        connections.setJmxEnabled(false);
        var config = DefaultJedisClientConfig.builder()
                .user(JedisURIHelper.getUser(uri))
                .password(JedisURIHelper.getPassword(uri))
                .database(JedisURIHelper.getDBIndex(uri))
                .connectionTimeoutMillis(millis)
                .socketTimeoutMillis(millis)
                .blockingSocketTimeoutMillis(Math.toIntExact(silence.toMillis()))
                .clientName("genericpool-fleet");
        if (JedisURIHelper.isRedisSSLScheme(uri)) {
            config.sslOptions(SslOptions.defaults());
        }
        return RedisClient.builder()
                .hostAndPort(JedisURIHelper.getHostAndPort(uri))
                .clientConfig(config.build())
                .poolConfig(connections)
                .build();
    }
}
