package io.genericpool.commons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.IdleOrder;
import io.genericpool.PoolConfig;
import io.genericpool.core.ConnectionPools;
import io.genericpool.testkit.ScriptedManager;
import java.time.Duration;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultEvictionPolicy;
import org.apache.commons.pool2.impl.EvictionConfig;
import org.apache.commons.pool2.impl.EvictionPolicy;
import org.apache.commons.pool2.impl.GenericKeyedObjectPoolConfig;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.junit.jupiter.api.Test;

class CommonsKnobsTest {
    private final GenericKeyedObjectPoolConfig<Thing> config = new GenericKeyedObjectPoolConfig<>();

    private PoolConfig converted() {
        try (var pool = CommonsPools.builder(new RecordingFactory(), config).build()) {
            return pool.config();
        }
    }

    private PoolConfig ofView() {
        try (var view = CommonsPools.keyedObjectPool(new RecordingFactory(), config)) {
            return view.pool().config();
        }
    }

    @Test
    void theDefaultsAreThoseOfCommonsPool() {
        for (var knobs : new PoolConfig[] {converted(), ofView()}) {
            assertThat(knobs.defaultLimits().maxSize()).isEqualTo(8);
            assertThat(knobs.defaultLimits().minIdle()).isZero();
            assertThat(knobs.totalMaxSize()).isEqualTo(PoolConfig.UNLIMITED);
            assertThat(knobs.acquireTimeout()).isEqualTo(PoolConfig.NO_LIMIT);
            assertThat(knobs.idleOrder()).isEqualTo(IdleOrder.LIFO);
            assertThat(knobs.idleTimeout()).isEqualTo(PoolConfig.NO_LIMIT);
            assertThat(knobs.maxLifetime()).isEqualTo(PoolConfig.NO_LIMIT);
            assertThat(knobs.keepaliveInterval()).isEqualTo(PoolConfig.NO_LIMIT);
            assertThat(knobs.alivenessBypass()).isEqualTo(PoolConfig.NO_LIMIT);
            assertThat(knobs.endpointRetention()).isEqualTo(PoolConfig.NO_LIMIT);
        }
    }

    @Test
    void limitsKeepWithinEachOther() {
        config.setMaxTotalPerKey(20);
        config.setMaxTotal(10);
        config.setMinIdlePerKey(30);
        config.setMaxIdlePerKey(25);
        var knobs = converted();
        assertThat(knobs.totalMaxSize()).isEqualTo(10);
        assertThat(knobs.defaultLimits().maxSize()).isEqualTo(10);
        assertThat(knobs.defaultLimits().minIdle()).isEqualTo(10);
        config.setMaxIdlePerKey(4);
        assertThat(converted().defaultLimits().minIdle()).isEqualTo(4);
        config.setMaxIdlePerKey(-1);
        config.setMinIdlePerKey(-5);
        assertThat(converted().defaultLimits().minIdle()).isZero();
    }

    @Test
    void negativeLimitsAreNone() {
        config.setMaxTotalPerKey(-1);
        config.setMaxTotal(-1);
        assertThat(converted().defaultLimits().maxSize()).isEqualTo(PoolConfig.UNLIMITED);
        assertThat(converted().totalMaxSize()).isEqualTo(PoolConfig.UNLIMITED);
    }

    @Test
    void aLimitOfZeroIsRefusedByName() {
        config.setMaxTotal(0);
        assertThatThrownBy(this::converted)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxTotal ")
                .hasMessageContaining("is 0");
        config.setMaxTotal(1);
        config.setMaxTotalPerKey(0);
        assertThatThrownBy(this::ofView)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxTotalPerKey");
    }

    @Test
    void theEvictorsTimesAreIdleTimeoutAndKeepalive() {
        config.setMinEvictableIdleDuration(Duration.ofMinutes(3));
        config.setSoftMinEvictableIdleDuration(Duration.ofMinutes(2));
        config.setTestWhileIdle(true);
        assertThat(converted().idleTimeout()).as("without an evictor").isEqualTo(PoolConfig.NO_LIMIT);
        assertThat(converted().keepaliveInterval()).isEqualTo(PoolConfig.NO_LIMIT);

        config.setTimeBetweenEvictionRuns(Duration.ofSeconds(7));
        assertThat(converted().idleTimeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(converted().idleTimeoutJitter())
                .as("it is the least time an object may idle")
                .isZero();
        assertThat(converted().keepaliveInterval()).isEqualTo(Duration.ofSeconds(7));

        config.setSoftMinEvictableIdleDuration(Duration.ofMinutes(-1));
        config.setTestWhileIdle(false);
        assertThat(converted().idleTimeout()).isEqualTo(Duration.ofMinutes(3));
        assertThat(converted().keepaliveInterval()).isEqualTo(PoolConfig.NO_LIMIT);

        config.setMinEvictableIdleDuration(Duration.ofMinutes(-1));
        assertThat(converted().idleTimeout()).isEqualTo(PoolConfig.NO_LIMIT);
    }

    @Test
    void aTestOnBorrowIsACheckAtEachAcquireOrTheViewsOwn() throws Exception {
        config.setTestOnBorrow(true);
        assertThat(converted().alivenessBypass()).isEqualTo(Duration.ZERO);
        assertThat(ofView().alivenessBypass()).isEqualTo(PoolConfig.NO_LIMIT);
        var factory = new RecordingFactory();
        try (var view = CommonsPools.keyedObjectPool(factory, config)) {
            view.returnObject("a", view.borrowObject("a"));
        }
        assertThat(factory.calls()).containsExactly("make 0", "activate 0", "validate 0", "passivate 0", "destroy 0");
    }

    @Test
    void theOtherTestsReachTheManagerOfABuiltPool() {
        config.setTestOnCreate(true);
        config.setTestOnReturn(true);
        var factory = new RecordingFactory();
        try (var pool = CommonsPools.builder(factory, config).build()) {
            pool.connection("a").release();
        }
        assertThat(factory.calls())
                .containsExactly("make 0", "validate 0", "activate 0", "validate 0", "passivate 0", "destroy 0");
    }

    @Test
    void orderAndWaitingAreCarriedOver() {
        config.setLifo(false);
        config.setMaxWait(Duration.ofMillis(1234));
        assertThat(converted().idleOrder()).isEqualTo(IdleOrder.FIFO);
        assertThat(converted().acquireTimeout()).isEqualTo(Duration.ofMillis(1234));
    }

    @Test
    void failingInsteadOfWaitingIsForViewsOnly() {
        config.setBlockWhenExhausted(false);
        assertThatThrownBy(this::converted)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("blockWhenExhausted")
                .hasMessageContaining("false");
        assertThat(ofView().acquireTimeout()).isEqualTo(PoolConfig.NO_LIMIT);
        config.setBlockWhenExhausted(true);
        config.setMaxWait(Duration.ZERO);
        assertThatThrownBy(this::converted).hasMessageContaining("0 ms");
        assertThat(ofView().acquireTimeout()).isEqualTo(PoolConfig.NO_LIMIT);
    }

    @Test
    void anEvictionPolicyOfOnesOwnIsRefusedByName() {
        config.setEvictionPolicy(new DefaultEvictionPolicy<>());
        assertThat(converted().idleTimeout()).isEqualTo(PoolConfig.NO_LIMIT);
        config.setEvictionPolicy(new Never());
        assertThatThrownBy(this::converted)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Never.class.getName());
        config.setEvictionPolicy(null);
        config.setEvictionPolicyClassName("org.example.Sometimes");
        assertThatThrownBy(this::ofView).hasMessageContaining("org.example.Sometimes");
    }

    @Test
    void knobsCanBeGivenToAnyBuilderAndChangedAfterwards() {
        config.setMaxTotalPerKey(3);
        var builder = CommonsPools.configure(ConnectionPools.builder(ScriptedManager.<String>full()), config);
        try (var pool = builder.maxLifetime(Duration.ofMinutes(5)).build()) {
            assertThat(pool.config().defaultLimits().maxSize()).isEqualTo(3);
            assertThat(pool.config().maxLifetime()).isEqualTo(Duration.ofMinutes(5));
        }
    }

    @Test
    void aPoolWithoutKeysHasOneEndpointWithAllItMayHave() throws Exception {
        var single = new GenericObjectPoolConfig<Thing>();
        single.setMaxTotal(5);
        single.setMinIdle(2);
        single.setMaxIdle(1);
        var factory = new RecordingFactory();
        var pool = CommonsPools.objectPool(new EndpointFactory<>(factory, "a"), single);
        var knobs = pool.keyed().pool().config();
        assertThat(knobs.defaultLimits().maxSize()).isEqualTo(5);
        assertThat(knobs.totalMaxSize()).isEqualTo(5);
        assertThat(knobs.defaultLimits().minIdle()).isEqualTo(1);
        pool.close();
        assertThat(pool.keyed().pool().isClosed()).isTrue();
    }

    private static final class Never implements EvictionPolicy<Thing> {
        @Override
        public boolean evict(EvictionConfig settings, PooledObject<Thing> underTest, int idleCount) {
            return false;
        }
    }
}
