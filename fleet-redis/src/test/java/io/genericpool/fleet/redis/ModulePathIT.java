package io.genericpool.fleet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.Claim;
import io.genericpool.spi.shared.Reply;
import io.genericpool.testkit.RealWait;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;

/** The engine runs as a module, with Jedis as another one, and finds its script. */
class ModulePathIT {
    @Test
    void aStepIsMadeOnTheModulePath() throws Exception {
        Module module = RedisEngine.class.getModule();
        assertThat(module.isNamed()).isTrue();
        assertThat(module.getName()).isEqualTo("io.genericpool.fleet.redis");
        assertThat(UnifiedJedis.class.getModule().getName()).isEqualTo("redis.clients.jedis");
        try (var redis = new RedisProcess();
                var engine = RedisEngine.builder(redis.uri())
                        .timeout(Duration.ofSeconds(30))
                        .build()) {
            var claim = new Claim("endpoint", 10, 3, 3, 0);
            var batch = new Batch("fleet", "s", 1, Duration.ofMinutes(1), 0, 3, Batch.Kind.CHANGES, List.of(claim));
            Reply reply = engine.sync(batch).toCompletableFuture().get(RealWait.NANOS, TimeUnit.NANOSECONDS);
            assertThat(reply.newSession()).isTrue();
            assertThat(reply.grants().get(0).share()).isEqualTo(3);
        }
    }
}
