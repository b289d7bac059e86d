package io.genericpool.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.DisposeReason;
import io.genericpool.spi.ConnectGovernor;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;

/** One side of what a pool does; each subclass is a nested class of {@link ConnectionPoolContract}. */
@Timeout(120)
abstract class PoolBehaviour {
    static final Duration LONG = Duration.ofHours(10);

    private final PoolFactory factory;

    PoolBehaviour(PoolFactory factory) {
        this.factory = factory;
    }

    final PoolFactory factory() {
        return factory;
    }

    static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    /** Settings under which time alone changes nothing, and failures cost no time, for tests that switch on what they are about. */
    static PoolSettings timeless() {
        return new PoolSettings()
                .acquireTimeout(seconds(30))
                .idleTimeout(LONG)
                .maxLifetime(LONG)
                .maxLifetimeJitter(0)
                .idleTimeoutJitter(0)
                .alivenessBypass(LONG)
                .endpointRetention(LONG)
                .connectGovernor(ConnectGovernor.unlimited());
    }

    /** A null where none is allowed, as careless code returns it. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    static <T> T nothing() {
        return null;
    }

    static void assertDisposed(PoolHarness on, DisposeReason reason, int count) {
        on.settle();
        assertThat(on.server().disposed(reason)).as("disposed for " + reason).isEqualTo(count);
        assertThat(on.pool().stats().disposed(reason))
                .as("counted as disposed for " + reason)
                .isEqualTo(count);
    }
}
