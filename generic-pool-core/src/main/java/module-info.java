/** The engine. Its public entry point is {@code io.genericpool.core.ConnectionPools}. */
@org.jspecify.annotations.NullMarked
module io.genericpool.core {
    requires transitive io.genericpool.api;
    requires org.slf4j;
    requires static java.management;
    requires static jdk.jfr;
    requires static transitive org.jspecify;

    exports io.genericpool.core;
    exports io.genericpool.core.jmx;
}
