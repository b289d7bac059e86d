/** Pooled WebSocket connections over OkHttp. */
@org.jspecify.annotations.NullMarked
module io.genericpool.websocket {
    requires transitive io.genericpool.api;
    requires transitive io.genericpool.core;
    requires transitive okhttp3;
    requires io.genericpool.rate;
    requires io.github.resilience4j.core;
    requires static transitive org.jspecify;

    exports io.genericpool.websocket;
}
