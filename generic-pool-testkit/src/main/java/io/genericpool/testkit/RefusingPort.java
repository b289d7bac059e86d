package io.genericpool.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port of this machine that refuses connections until this is closed.
 *
 * <p>The port is bound but nobody listens on it. So no other process can take it, and no client gets it for its own end of
 * a connection. A test that opens a server socket, notes its port and closes it again has neither guarantee: on a busy
 * machine it meets a stranger's server now and then, or connects to itself.
 */
public final class RefusingPort implements AutoCloseable {
    private final Socket holder = new Socket();

    /**
     * Takes a free port of all addresses of this machine.
     *
     * @throws UncheckedIOException when the system has none
     */
    public RefusingPort() {
        try {
            holder.bind(new InetSocketAddress(0));
        } catch (IOException e) {
            throw new UncheckedIOException("no port is free", e);
        }
    }

    /**
     * The port.
     *
     * @return its number
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
