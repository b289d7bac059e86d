/** Mono and Flux over any pool. */
@org.jspecify.annotations.NullMarked
module io.genericpool.reactor {
    requires transitive io.genericpool.api;
    requires transitive org.reactivestreams;
    requires transitive reactor.core;
    requires static transitive org.jspecify;

    exports io.genericpool.reactor;
}
