/** The API: for users of a pool, for plug-ins and for listeners. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("module") // the modules that support is exported to are compiled after this one
module io.genericpool.api {
    requires static transitive org.jspecify;

    exports io.genericpool;
    exports io.genericpool.event;
    exports io.genericpool.group;
    exports io.genericpool.spi;
    exports io.genericpool.spi.shared;

    // What our own modules share.
    exports io.genericpool.support to
            io.genericpool.commons,
            io.genericpool.console,
            io.genericpool.core,
            io.genericpool.fleet,
            io.genericpool.fleet.jdbc,
            io.genericpool.fleet.redis,
            io.genericpool.jdbc,
            io.genericpool.rate,
            io.genericpool.replay,
            io.genericpool.spring,
            io.genericpool.tcp,
            io.genericpool.testkit,
            io.genericpool.websocket;
}
