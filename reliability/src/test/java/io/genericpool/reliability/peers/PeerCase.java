package io.genericpool.reliability.peers;

import io.genericpool.reliability.sockets.Loopback;
import io.genericpool.websocket.WebSocketPool;
import io.genericpool.websocket.WebSocketPoolBuilder;
import java.util.Set;
import java.util.stream.Stream;

/** One column of the matrix: a library, whether server and client deflate, and whether they speak TLS. */
record PeerCase(PeerLibrary library, boolean deflate, boolean tls) {
    private static final Loopback TLS = new Loopback();
    private static final Set<PeerLibrary> OVER_TLS = Set.of(PeerLibrary.JETTY, PeerLibrary.NETTY);

    static Stream<PeerCase> all() {
        return PeerLibrary.chosen().flatMap(library -> Stream.of(
                        new PeerCase(library, false, false),
                        new PeerCase(library, true, false),
                        new PeerCase(library, true, true))
                .filter(column -> !column.tls || OVER_TLS.contains(library)));
    }

    /** Starts a server on a free port. */
    PeerServer start() throws Exception {
        PeerServer server = library.create(deflate, tls ? TLS.server() : null);
        server.start(0);
        return server;
    }

    /** A pool for a server of this column. */
    WebSocketPoolBuilder pool(String url) {
        return WebSocketPool.builder().baseUri(url).connections(knobs -> {
            knobs.compression(deflate);
            if (tls) {
                knobs.customizeClient(
                        http -> http.sslSocketFactory(TLS.client().getSocketFactory(), TLS.trustManager()));
            }
        });
    }

    @Override
    public String toString() {
        return library + (deflate ? ", deflate" : "") + (tls ? ", TLS" : "");
    }
}
