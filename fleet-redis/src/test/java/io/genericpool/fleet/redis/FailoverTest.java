package io.genericpool.fleet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.Claim;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Grant;
import io.genericpool.spi.shared.Reply;
import io.genericpool.testkit.RealWait;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;

/** A replica takes over that has not heard of what was granted last. */
@Timeout(60)
class FailoverTest {
    private static final int CAP = 6;
    private static final Duration LEASE = Duration.ofSeconds(30);

    private long sequence;

    private Grant tell(FleetEngine engine, String session, Batch.Kind kind, int share, int wanted) throws Exception {
        return ask(engine, session, LEASE, kind, share, wanted).grants().get(0);
    }

    private Reply ask(FleetEngine engine, String session, Duration lease, Batch.Kind kind, int share, int wanted)
            throws Exception {
        var claims = List.of(new Claim("e", CAP, share, wanted, 0));
        var batch = new Batch("fleet", session, ++sequence, lease, 0, share, kind, claims);
        return engine.sync(batch).toCompletableFuture().get(RealWait.NANOS, TimeUnit.NANOSECONDS);
    }

    @Test
    void grantsNothingUntilTheSessionsHaveRestated() throws Exception {
        try (var primary = new RedisProcess();
                var replica = new RedisProcess();
                RedisEngine before = RedisEngine.builder(primary.uri()).build();
                RedisEngine after = RedisEngine.builder(replica.uri()).build()) {
            while (ask(before, "a", Duration.ofMillis(300), Batch.Kind.CHANGES, 0, 0)
                    .learning()) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            assertThat(tell(before, "a", Batch.Kind.CHANGES, 0, 2).share()).isEqualTo(2);
            tell(before, "b", Batch.Kind.CHANGES, 0, 0);
            try (Jedis copy = replica.client();
                    Jedis original = primary.client()) {
                copy.replicaof("127.0.0.1", primary.port());
                awaitCopy(original, copy);
                copy.replicaofNoOne(); // from now on it lags
            }
            assertThat(tell(before, "a", Batch.Kind.CHANGES, 2, 5).share()).isEqualTo(5);
            primary.kill();

            assertThat(tell(after, "b", Batch.Kind.CHANGES, 0, CAP).share())
                    .as("four are free in the copy, and three of them are another session's")
                    .isZero();
            Reply beat = ask(after, "a", LEASE, Batch.Kind.CHANGES, 5, 5);
            assertThat(beat.restate()).isTrue();
            assertThat(tell(after, "a", Batch.Kind.RESTATEMENT, 5, 5).share()).isEqualTo(5);
            tell(after, "b", Batch.Kind.RESTATEMENT, 0, CAP);
            assertThat(tell(after, "b", Batch.Kind.CHANGES, 0, CAP).share()).isEqualTo(1);
        }
    }

    private static void awaitCopy(Jedis original, Jedis copy) {
        long start = System.nanoTime();
        String last = original.hget("{genericpool:fleet}", "time");
        while (!last.equals(copy.hget("{genericpool:fleet}", "time"))) {
            assertThat(System.nanoTime() - start).as("the replica has no copy").isLessThan(RealWait.NANOS);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
