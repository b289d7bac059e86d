/** Commons Pool 2 in both directions: its interfaces over the pool, and its factories in the pool. */
@org.jspecify.annotations.NullMarked
module io.genericpool.commons {
    requires transitive io.genericpool.api;
    requires transitive io.genericpool.core;
    requires transitive org.apache.commons.pool2;
    requires static transitive org.jspecify;

    exports io.genericpool.commons;
}
