package io.genericpool.spring;

import io.genericpool.websocket.WebSocketPoolBuilder;

/**
 * A bean that changes WebSocket pools beyond their properties. Customizers run in the order of their beans, after the
 * properties and before the pool is built. An exception fails the start of the application.
 */
@FunctionalInterface
public interface WebSocketPoolCustomizer {
    /**
     * Changes a pool. It is called once per pool, by the thread that creates the bean of the pool.
     *
     * @param name the name of the pool below {@code genericpool.websocket}
     * @param builder the builder of the pool, with all properties applied
     */
    void customize(String name, WebSocketPoolBuilder builder);
}
