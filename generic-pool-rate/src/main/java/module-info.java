/** Holds the connects of any pool to a rate. */
@org.jspecify.annotations.NullMarked
module io.genericpool.rate {
    requires transitive io.genericpool.api;
    requires io.github.bucket4j.core;
    requires static transitive org.jspecify;

    exports io.genericpool.rate;
}
