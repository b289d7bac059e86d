package io.genericpool.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.DisposeReason;
import io.genericpool.PoolConfig;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * A sweep gives up the lock of an endpoint with many connections after 256 of them, and goes on where it was. Shows
 * I35.
 */
class SweepInSlicesTest {
    private static final int MANY = 1_000;

    private final PoolWorld world = new PoolWorld();
    /** What stands idle when a disposal begins: disposals begin between two slices. */
    private final List<Integer> idle = new ArrayList<>();

    private void open(Consumer<ConnectionPoolBuilder<String, FakeConnection<String>>> knobs) {
        world.open(builder -> {
            builder.connectExecutor(Runnable::run)
                    .maxSize(MANY)
                    .totalMaxSize(MANY)
                    .alivenessBypass(PoolConfig.NO_LIMIT)
                    .maxLifetime(PoolConfig.NO_LIMIT)
                    .idleTimeout(PoolConfig.NO_LIMIT);
            knobs.accept(builder);
        });
        world.manager
                .script(Operation.DISPOSE)
                .always(Behaviour.perform(() -> world.pool.stats("a").ifPresent(stats -> idle.add(stats.idle()))));
    }

    private List<Integer> idleBetweenSlices() {
        return idle.stream().distinct().toList();
    }

    @Test
    void expiredConnectionsGoInSlices() {
        open(knobs -> knobs.maxLifetime(Duration.ofSeconds(20)));
        world.fill("a", MANY);

        world.advance(Duration.ofSeconds(20));

        assertThat(idleBetweenSlices()).containsExactly(MANY - 256, MANY - 512, MANY - 768, 0);
        assertThat(world.server.disposed(DisposeReason.MAX_LIFETIME)).isEqualTo(MANY);
        world.verify(MANY, MANY);
    }

    @Test
    void thoseIdleForTooLongGoInSlicesDownToMinIdle() {
        open(knobs -> knobs.idleTimeout(Duration.ofSeconds(20)).minIdle(10));
        var connections = world.fill("a", MANY);

        world.advance(Duration.ofSeconds(20));

        assertThat(idleBetweenSlices()).containsExactly(MANY - 256, MANY - 512, MANY - 768, 10);
        assertThat(world.server.disposed(DisposeReason.IDLE_TIMEOUT)).isEqualTo(MANY - 10);
        assertThat(world.leases("a", 10))
                .extracting(lease -> lease.connection())
                .isSubsetOf(connections)
                .allSatisfy(connection -> assertThat(connection.isOpen()).isTrue());
        world.verify(MANY, MANY);
    }

    @Test
    void whatIsReleasedBetweenTwoSlicesStays() {
        open(knobs -> knobs.idleTimeout(Duration.ofSeconds(20)));
        world.fill("a", MANY);
        List<FakeConnection<String>> used = new ArrayList<>();
        world.manager.script(Operation.DISPOSE).next(Behaviour.perform(() -> {
            var lease = world.pool.tryConnection("a").orElseThrow();
            used.add(lease.connection());
            lease.release();
        }));

        world.advance(Duration.ofSeconds(20));

        assertThat(world.server.disposed(DisposeReason.IDLE_TIMEOUT)).isEqualTo(MANY - 1);
        assertThat(used).singleElement().satisfies(connection -> assertThat(connection.isOpen())
                .isTrue());
        world.verify(MANY, MANY);
    }

    @Test
    void aCloseBetweenTwoSlicesEndsTheSweep() {
        open(knobs -> knobs.maxLifetime(Duration.ofSeconds(20)));
        world.fill("a", MANY);
        world.manager.script(Operation.DISPOSE).next(Behaviour.perform(() -> world.pool.close(Duration.ofSeconds(5))));

        world.advance(Duration.ofSeconds(20));

        assertThat(world.server.disposed(DisposeReason.MAX_LIFETIME)).isEqualTo(256);
        assertThat(world.server.disposed(DisposeReason.CLOSED)).isEqualTo(MANY - 256);
        world.verify(MANY, MANY);
    }

    @Test
    void leaksAreFoundInAllSlicesOnce() {
        open(knobs -> knobs.leakDetectionThreshold(Duration.ofSeconds(2)));
        var held = world.leases("a", MANY);

        world.advance(Duration.ofSeconds(10));

        assertThat(world.stats("a").leaks()).isEqualTo(MANY);
        held.forEach(lease -> lease.release());
        world.verify(MANY, MANY);
    }
}
