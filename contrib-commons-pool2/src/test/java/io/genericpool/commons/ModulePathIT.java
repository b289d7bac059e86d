package io.genericpool.commons;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.commons.pool2.KeyedObjectPool;
import org.apache.commons.pool2.impl.GenericKeyedObjectPoolConfig;
import org.junit.jupiter.api.Test;

/** Runs as a module, with Commons Pool 2 as another one. */
class ModulePathIT {
    @Test
    void aViewOverAFactoryWorksOnTheModulePath() throws Exception {
        Module module = CommonsPools.class.getModule();
        assertThat(module.isNamed()).isTrue();
        assertThat(module.getName()).isEqualTo("io.genericpool.commons");
        assertThat(KeyedObjectPool.class.getModule().getName()).isEqualTo("org.apache.commons.pool2");

        var factory = new RecordingFactory();
        try (var view = CommonsPools.keyedObjectPool(factory, new GenericKeyedObjectPoolConfig<>())) {
            Thing thing = view.borrowObject("a");
            view.returnObject("a", thing);
            assertThat(view.borrowObject("a")).isSameAs(thing);
            view.invalidateObject("a", thing);
        }
        assertThat(factory.calls()).containsExactly("make 0", "activate 0", "passivate 0", "activate 0", "destroy 0");
    }
}
