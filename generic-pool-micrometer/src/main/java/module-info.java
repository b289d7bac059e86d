/** Meters of pools, for Micrometer. */
@org.jspecify.annotations.NullMarked
module io.genericpool.micrometer {
    requires transitive io.genericpool.api;
    requires transitive micrometer.core;
    requires static transitive io.genericpool.websocket;
    requires static transitive org.jspecify;

    exports io.genericpool.micrometer;
}
