package io.genericpool.spring;

import io.genericpool.event.PoolListener;
import org.jspecify.annotations.Nullable;

/** A listener that a pool gets beside those of the application. It names no type of Micrometer, which may be absent. */
@FunctionalInterface
interface PoolExtra {
    /** Called once per pool, with the name of its bean, before the pool is built. Null for no such listener. */
    @Nullable
    PoolListener<Object> listenerOf(String bean);
}
