package io.genericpool.fleet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.Claim;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Reply;
import io.genericpool.testkit.RealWait;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisSentinelClient;

/** A real Sentinel promotes the replica, and the client of Jedis follows it. */
@Timeout(60)
class SentinelTest {
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(300);

    private long sequence;

    private Reply ask(FleetEngine engine, Duration lease, Batch.Kind kind, int share, int wanted) throws Exception {
        var claims = List.of(new Claim("e", 5, share, wanted, 0));
        return engine.sync(new Batch("fleet", "a", ++sequence, lease, 0, share, kind, claims))
                .toCompletableFuture()
                .get(RealWait.NANOS, TimeUnit.NANOSECONDS);
    }

    @Test
    void theLedgerGoesOnAtTheNewPrimaryAndLearnsFirst() throws Exception {
        try (var primary = new RedisProcess();
                var replica = new RedisProcess("--replicaof", "127.0.0.1", Integer.toString(primary.port()))) {
            awaitCopy(replica);
            try (var sentinel = new SentinelProcess(primary.port());
                    RedisSentinelClient client = RedisSentinelClient.builder()
                            .masterName(SentinelProcess.NAME)
                            .sentinels(Set.of(new HostAndPort("127.0.0.1", sentinel.port())))
                            .build();
                    RedisEngine engine = RedisEngine.builder(client)
                            .timeout(Duration.ofSeconds(10))
                            .build()) {
                while (ask(engine, SHORT, Batch.Kind.CHANGES, 0, 0).learning()) {
                    TimeUnit.MILLISECONDS.sleep(20); // by the server's clock
                }
                assertThat(ask(engine, LEASE, Batch.Kind.CHANGES, 0, 3)
                                .grants()
                                .get(0)
                                .share())
                        .isEqualTo(3);
                primary.kill();
                Reply reply = askUntilAnswered(engine);
                assertThat(reply.learning()).isTrue();
                assertThat(reply.newSession()).isFalse();
                assertThat(reply.grants().get(0).share()).isEqualTo(3);
                ask(engine, LEASE, Batch.Kind.RESTATEMENT, 3, 4);
                assertThat(ask(engine, LEASE, Batch.Kind.CHANGES, 3, 4)
                                .grants()
                                .get(0)
                                .share())
                        .isEqualTo(4);
            }
        }
    }

    private Reply askUntilAnswered(FleetEngine engine) throws Exception {
        long start = System.nanoTime();
        while (true) {
            try {
                return ask(engine, LEASE, Batch.Kind.CHANGES, 3, 4);
            } catch (ExecutionException e) {
                assertThat(System.nanoTime() - start).as("no new primary").isLessThan(RealWait.NANOS);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }

    private static void awaitCopy(RedisProcess replica) {
        long start = System.nanoTime();
        try (Jedis client = replica.client()) {
            while (!client.info("replication").contains("master_link_status:up")) {
                assertThat(System.nanoTime() - start)
                        .as("the replica has no copy")
                        .isLessThan(RealWait.NANOS);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
    }
}
