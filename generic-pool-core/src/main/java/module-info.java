/** The engine. Its one public entry is {@code io.genericpool.core.ConnectionPools}. */
@org.jspecify.annotations.NullMarked
module io.genericpool.core {
    requires transitive io.genericpool.api;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.genericpool.core;
}
