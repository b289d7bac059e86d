package io.genericpool.websocket.internal.handshake;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Has sockets send at once before TLS begins on them: those to a SOCKS proxy are made by OkHttp itself, by no
 * {@link NoDelaySockets}.
 */
public final class NoDelayTls extends SSLSocketFactory {
    private final SSLSocketFactory delegate;

    public NoDelayTls(SSLSocketFactory delegate) {
        this.delegate = delegate;
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return delegate.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return delegate.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
        return delegate.createSocket(NoDelaySockets.noDelay(socket), host, port, autoClose);
    }

    @Override
    public Socket createSocket() throws IOException {
        return NoDelaySockets.noDelay(delegate.createSocket());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return NoDelaySockets.noDelay(delegate.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return NoDelaySockets.noDelay(delegate.createSocket(host, port, localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return NoDelaySockets.noDelay(delegate.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return NoDelaySockets.noDelay(delegate.createSocket(address, port, localAddress, localPort));
    }
}
