package io.genericpool.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port of this machine that refuses connections until this object is closed.
 *
 * <p>The port is bound, but nothing listens on it. No other process can bind it, and no client receives it as its local
 * port. A test that only opens a server socket, reads its port and closes it again has neither guarantee. On a busy
 * machine, such a test sometimes reaches another server or connects to itself.
 */
public final class RefusingPort implements AutoCloseable {
    private final Socket holder = new Socket();

    /**
     * Binds a free port on all addresses of this machine.
     *
     * @throws UncheckedIOException when no port is free
     */
    public RefusingPort() {
        try {
            holder.bind(new InetSocketAddress(0));
        } catch (IOException e) {
            throw new UncheckedIOException("no port is free", e);
        }
    }

    /**
     * The port number.
     *
     * @return the number
     */
    public int number() {
        return holder.getLocalPort();
    }

    /** Frees the port. */
    @Override
    public void close() {
        try {
            holder.close();
        } catch (IOException e) {
            throw new UncheckedIOException("port " + number() + " could not be freed", e);
        }
    }
}
