package io.genericpool.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.core.ConnectionPools;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** The module runs as such, beside Reactor's automatic module. */
class ModulePathIT {
    @Test
    void aPoolWorksOnTheModulePath() {
        assertThat(ReactorPool.class.getModule().getName()).isEqualTo("io.genericpool.reactor");
        try (var pool = ConnectionPools.builder(new ReactorPoolTest.Numbers()).build()) {
            assertThat(ReactorPool.of(pool).use("a", Mono::just).block()).isEqualTo(1);
        }
    }
}
