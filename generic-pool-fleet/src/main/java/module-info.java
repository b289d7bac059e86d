/** Limits that hold for a fleet of processes. */
@org.jspecify.annotations.NullMarked
module io.genericpool.fleet {
    requires transitive io.genericpool.api;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.genericpool.fleet;
}
