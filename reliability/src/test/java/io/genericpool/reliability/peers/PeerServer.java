package io.genericpool.reliability.peers;

import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * An independent WebSocket server at 127.0.0.1, made of one library. It can be started again after a {@link #kill}, on the
 * same port; the counts of its application go on.
 */
abstract class PeerServer implements AutoCloseable {
    static final String HOST = "127.0.0.1";

    final EchoApplication application = new EchoApplication();
    final boolean deflate;
    final @Nullable SSLContext tls;

    PeerServer(boolean deflate, @Nullable SSLContext tls) {
        this.deflate = deflate;
        this.tls = tls;
    }

    /** Starts to listen; returns once it does. Port 0 stands for a free one. */
    abstract void start(int port) throws Exception;

    /** The port it listens on, or has listened on last. */
    abstract int port();

    /** Cuts all connections without a closing handshake: their streams just end. */
    abstract void cutAll();

    /** Stops listening, cuts all connections without a closing handshake and ends the server's threads. */
    abstract void kill() throws Exception;

    /** Whether its library lets an application choose status and headers of a refusal; it answers 404 otherwise. */
    boolean choosesRefusal() {
        return true;
    }

    final String url() {
        return (tls == null ? "ws://" : "wss://") + HOST + ":" + port();
    }

    @Override
    public void close() throws Exception {
        kill();
    }
}
