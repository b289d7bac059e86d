/** What users of the pool call, what plug-ins implement, what listeners hear. */
@org.jspecify.annotations.NullMarked
module io.genericpool.api {
    requires static transitive org.jspecify;

    exports io.genericpool;
    exports io.genericpool.event;
    exports io.genericpool.spi;
}
