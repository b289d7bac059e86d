package io.genericpool.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.spi.PoolClock;
import io.genericpool.spi.SharedLimits.Demand;
import io.genericpool.spi.SharedLimits.Holder;
import io.genericpool.spi.SharedLimits.Share;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The limits of a fleet run as a module, with its own inside hidden. The pool is a stub: no other module is needed. */
class ModulePathIT {
    private static final class TwoConnections implements Holder<String> {
        final CountDownLatch granted = new CountDownLatch(1);

        @Override
        public String name() {
            return "pool";
        }

        @Override
        public PoolClock clock() {
            return PoolClock.system();
        }

        @Override
        public String label(String endpoint) {
            return endpoint;
        }

        @Override
        public void share(@Nullable String endpoint, Share share) {
            if (share.connections() == 2) {
                granted.countDown();
            }
        }

        @Override
        public void reachable(boolean reachable, @Nullable Throwable why) {
            throw new AssertionError("the engine is inside this process", why);
        }
    }

    @Test
    void aShareIsGrantedOnTheModulePath() throws Exception {
        Module module = FleetLimits.class.getModule();
        assertThat(module.isNamed()).isTrue();
        assertThat(module.getName()).isEqualTo("io.genericpool.fleet");
        assertThat(module.isExported("io.genericpool.fleet.internal.keeper")).isFalse();
        var pool = new TwoConnections();
        try (var engine = new InProcessEngine()) {
            var session = FleetLimits.<String>builder(engine)
                    .name("fleet")
                    .cap(endpoint -> 3)
                    .build()
                    .open(pool);
            session.demand("a", new Demand(0, 0, 0, 2, 0));
            assertThat(pool.granted.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(engine.granted("fleet", "e:a")).isEqualTo(2);
            var unused = session.close(Duration.ZERO);
        }
    }
}
