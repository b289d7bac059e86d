package io.genericpool.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.DisposeReason;
import io.genericpool.PoolConfig;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Operation;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keepalive reaches each idle connection once per interval, and leaves enough of them to callers. */
class KeepaliveTest {
    private static final Duration STEP = Duration.ofMillis(250);
    private static final int INTERVALS = 6;

    private static PoolWorld world(Duration interval) {
        return PoolWorld.with(knobs -> knobs.keepaliveInterval(interval)
                .maxSize(600)
                .totalMaxSize(600)
                .alivenessBypass(PoolConfig.NO_LIMIT)
                .maxLifetime(PoolConfig.NO_LIMIT)
                .idleTimeout(PoolConfig.NO_LIMIT));
    }

    /** Counts the probes of each connection, and when the last one was. */
    private static final class Probes {
        private final PoolWorld world;
        private final Map<FakeConnection<String>, Integer> counts = new HashMap<>();
        private final Map<FakeConnection<String>, Long> last = new HashMap<>();
        private long longestGap;
        private int mostAtOnce;

        Probes(PoolWorld world, List<FakeConnection<String>> connections) {
            this.world = world;
            for (var connection : connections) {
                counts.put(connection, 0);
                last.put(connection, world.clock.nanoTime());
            }
        }

        void look() {
            int atOnce = 0;
            for (var connection : counts.keySet()) {
                int count = (int) connection.history().stream()
                        .filter(operation -> operation == Operation.CHECK)
                        .count();
                int more = count - counts.put(connection, count);
                atOnce += more;
                long now = world.clock.nanoTime();
                longestGap = Math.max(longestGap, now - (more > 0 ? last.put(connection, now) : last.get(connection)));
            }
            mostAtOnce = Math.max(mostAtOnce, atOnce);
        }
    }

    @ParameterizedTest
    @CsvSource({
        /** Shows I35. */
        "1, 2",
        "2, 2",
        "3, 2",
        "10, 2",
        "100, 2",
        "1, 5",
        "10, 5",
        "100, 5",
        "1, 30",
        "2, 30",
        "10, 30",
        "100, 30",
        "600, 5"
    })
    void eachIdleConnectionIsProbedOncePerInterval(int idle, int seconds) {
        Duration interval = Duration.ofSeconds(seconds);
        var world = world(interval);
        var probes = new Probes(world, world.fill("a", idle));

        for (long steps = INTERVALS * interval.dividedBy(STEP); steps > 0; steps--) {
            world.advance(STEP);
            probes.look();
        }

        assertThat(probes.counts.values()).as("probes of each").allMatch(n -> n >= INTERVALS && n <= 2 * INTERVALS);
        assertThat(Duration.ofNanos(probes.longestGap)).as("without a probe").isLessThanOrEqualTo(interval);
        world.verify(600, 600);
    }

    @Test
    void connectionsReleasedTogetherAreNotProbedTogether() {
        var world = world(Duration.ofSeconds(30));
        var probes = new Probes(world, world.fill("a", 100));

        for (int i = 0; i < 4 * 120; i++) {
            world.advance(STEP);
            probes.look();
        }

        assertThat(probes.mostAtOnce).as("of 100, by sweeps of a second each").isBetween(4, 10);
        world.verify(600, 600);
    }

    @Test
    void theOthersAreProbedWhileCallersUseSome() {
        Duration interval = Duration.ofSeconds(2);
        var world = world(interval);
        var connections = world.fill("a", 10);
        List<FakeConnection<String>> used;
        try (var one = world.lease("a");
                var two = world.lease("a")) {
            used = List.of(one.connection(), two.connection());
        }
        var others = connections.stream().filter(each -> !used.contains(each)).toList();
        var usedProbes = new Probes(world, used);
        var probes = new Probes(world, others);

        for (long steps = INTERVALS * interval.dividedBy(STEP); steps > 0; steps--) {
            try (var one = world.lease("a");
                    var two = world.lease("a")) {
                world.advance(STEP);
                assertThat(used).contains(one.connection(), two.connection());
            }
            usedProbes.look();
            probes.look();
        }

        assertThat(probes.counts.values()).as("probes of each").hasSize(8).allMatch(n -> n >= INTERVALS - 1);
        assertThat(usedProbes.counts.values()).as("probes of those in use").containsExactly(0, 0);
        assertThat(world.server.created()).isEqualTo(10);
        world.verify(600, 600);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "3, 2", "10, 5", "100, 50"})
    void callersKeepHalfOfTheConnectionsHoweverLongChecksTake(int idle, int mostChecking) {
        var world = PoolWorld.with(knobs -> knobs.keepaliveInterval(Duration.ofSeconds(2))
                .checkTimeout(Duration.ofMinutes(1))
                .maxSize(100)
                .totalMaxSize(200)
                .alivenessBypass(PoolConfig.NO_LIMIT)
                .idleTimeout(PoolConfig.NO_LIMIT));
        world.fill("a", idle);
        world.holdConnects(true);

        world.advance(Duration.ofSeconds(10));

        assertThat(world.stats("a").checking()).isEqualTo(mostChecking);
        for (int i = mostChecking; i < idle; i++) {
            assertThat(world.pool.tryConnection("a")).isPresent();
        }
        world.holdConnects(false);
        world.verify(600, 600);
    }

    @Test
    void aDeadConnectionIsFoundWhereverItIsInTheOrder() {
        var world = world(Duration.ofSeconds(2));
        var connections = world.fill("a", 10);
        connections.forEach(FakeConnection::stopAnswering);

        world.advance(Duration.ofSeconds(4));

        assertThat(world.server.disposed(DisposeReason.DEAD)).isEqualTo(10);
        world.verify(600, 600);
    }
}
