package io.genericpool.websocket.internal.handshake;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.SocketFactory;

/** Connects to a proxy at the address it is told to connect to, and is connected once there is a tunnel. */
final class TunnelSocket extends Socket {
    private final Tunnel tunnel;
    private final int proxyPort;

    private TunnelSocket(Tunnel tunnel, int proxyPort) {
        // Without a proxy of the JDK's own choice.
        super(Proxy.NO_PROXY);
        this.tunnel = tunnel;
        this.proxyPort = proxyPort;
    }

    @Override
    public void connect(SocketAddress address, int timeout) throws IOException {
        InetAddress proxy = ((InetSocketAddress) address).getAddress();
        super.connect(new InetSocketAddress(proxy, proxyPort), timeout);
        NoDelaySockets.sendAtOnce(this);
        tunnel.open(this);
    }

    /** Makes unconnected sockets only, which is all that OkHttp asks for. */
    static final class Factory extends SocketFactory {
        private final Tunnel tunnel;
        private final int proxyPort;

        Factory(Tunnel tunnel, int proxyPort) {
            this.tunnel = tunnel;
            this.proxyPort = proxyPort;
        }

        @Override
        public Socket createSocket() {
            return new TunnelSocket(tunnel, proxyPort);
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException("a tunnel begins with an unconnected socket");
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
            return createSocket(host, port);
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            return createSocket("", port);
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
            return createSocket("", port);
        }
    }
}
