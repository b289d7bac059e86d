/** Limits the rate of connection attempts of any pool. */
@org.jspecify.annotations.NullMarked
module io.genericpool.rate {
    requires transitive io.genericpool.api;
    requires transitive io.github.bucket4j.core;
    requires static transitive org.jspecify;

    exports io.genericpool.rate;
}
