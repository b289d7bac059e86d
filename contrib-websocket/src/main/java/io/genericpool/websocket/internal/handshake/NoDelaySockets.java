package io.genericpool.websocket.internal.handshake;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.SocketFactory;

/**
 * Makes sockets that send at once, from before a proxy or TLS are spoken to. With Nagle's algorithm, which OkHttp leaves on, a small frame waits until the peer has
 * acknowledged the one before, for 40 ms and more when the peer delays that; so do the end of a TLS handshake and the
 * upgrade request.
 */
public final class NoDelaySockets extends SocketFactory {
    private final SocketFactory delegate;

    public NoDelaySockets(SocketFactory delegate) {
        this.delegate = delegate;
    }

    /** Whether they are the JDK's own sockets. */
    boolean isPlain() {
        return delegate == SocketFactory.getDefault();
    }

    /** Without effect on a socket that has no such option, of a user's factory, or that was closed meanwhile. */
    static void sendAtOnce(Socket socket) {
        try {
            socket.setTcpNoDelay(true);
        } catch (SocketException | UnsupportedOperationException e) {
            // It works without.
        }
    }

    static Socket noDelay(Socket socket) {
        sendAtOnce(socket);
        return socket;
    }

    @Override
    public Socket createSocket() throws IOException {
        return noDelay(delegate.createSocket());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return noDelay(delegate.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return noDelay(delegate.createSocket(host, port, localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return noDelay(delegate.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return noDelay(delegate.createSocket(address, port, localAddress, localPort));
    }
}
