/** A web page that shows pools live. */
@org.jspecify.annotations.NullMarked
module io.genericpool.console {
    requires transitive io.genericpool.api;
    requires com.fasterxml.jackson.core;
    requires jdk.httpserver;
    requires static transitive org.jspecify;

    exports io.genericpool.console;
}
