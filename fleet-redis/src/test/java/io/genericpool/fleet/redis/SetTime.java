package io.genericpool.fleet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** The time of a ledger as two keys that a test sets, in place of the server's clock. */
final class SetTime {
    private final RedisClient client;
    private long now = 1_000_000_000_000_000L;

    SetTime(RedisClient client) {
        this.client = client;
        pass(Duration.ZERO);
    }

    /** The script that reads it. */
    static String in(String source) {
        String changed = source.replace("call('TIME')", "{ call('GET', 'seconds'), call('GET', 'micros') }");
        assertThat(changed).isNotEqualTo(source);
        return changed;
    }

    void pass(Duration time) {
        now += time.toNanos() / 1_000;
        try {
            set();
        } catch (JedisConnectionException e) {
            set(); // the server was restarted: that ends connections
        }
    }

    private void set() {
        client.mset("seconds", Long.toString(now / 1_000_000), "micros", Long.toString(now % 1_000_000));
    }
}
