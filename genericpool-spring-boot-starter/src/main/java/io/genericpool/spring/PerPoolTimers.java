package io.genericpool.spring;

import io.genericpool.event.PoolListener;
import io.genericpool.micrometer.PoolTimers;
import io.genericpool.spring.GenericPoolProperties.Timers;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The timers of each pool, which are its listener first and are bound to the registries afterwards. */
final class PerPoolTimers implements PoolExtra {
    private final Timers kind;
    private final Map<String, PoolTimers> timers = new ConcurrentHashMap<>();

    PerPoolTimers(Timers kind) {
        this.kind = kind;
    }

    @Override
    public @Nullable PoolListener<Object> listenerOf(String bean) {
        return kind == Timers.NONE ? null : timers.computeIfAbsent(bean, name -> create());
    }

    private PoolTimers create() {
        return switch (kind) {
            case LEASES -> PoolTimers.connectsWaitsAndLeases();
            case WAITS -> PoolTimers.connectsAndWaits();
            default -> PoolTimers.connects();
        };
    }

    /** Null when the pool was built without, because it is the application's own. */
    @Nullable
    PoolTimers timersOf(String bean) {
        return timers.get(bean);
    }
}
