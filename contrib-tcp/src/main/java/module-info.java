/** Pooled TCP, TLS and Unix-domain socket connections. */
@org.jspecify.annotations.NullMarked
module io.genericpool.tcp {
    requires transitive io.genericpool.api;
    requires com.google.common;
    requires jdk.net;
    requires tls.channel;
    requires static transitive org.jspecify;

    exports io.genericpool.tcp;
}
