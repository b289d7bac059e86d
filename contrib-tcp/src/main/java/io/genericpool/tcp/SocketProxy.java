package io.genericpool.tcp;

import io.genericpool.tcp.internal.connect.Step;
import io.genericpool.tcp.internal.connect.proxy.HttpConnectHandshake;
import io.genericpool.tcp.internal.connect.proxy.ProxyLogin;
import io.genericpool.tcp.internal.connect.proxy.Socks5Handshake;
import io.genericpool.tcp.internal.connect.proxy.TunnelRequest;
import java.net.PasswordAuthentication;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A proxy to connect through: SOCKS 5 or HTTP CONNECT. The proxy receives the endpoint's host unchanged and looks it up
 * itself. Immutable.
 */
public final class SocketProxy {
    private enum Kind {
        SOCKS5,
        HTTP_CONNECT
    }

    private final Kind kind;
    private final TcpEndpoint address;
    private final @Nullable Supplier<PasswordAuthentication> credentials;

    private SocketProxy(Kind kind, TcpEndpoint address, @Nullable Supplier<PasswordAuthentication> credentials) {
        this.kind = kind;
        this.address = address;
        this.credentials = credentials;
    }

    /**
     * Creates a SOCKS 5 proxy.
     *
     * @param address the proxy's host and port
     * @return the proxy, without credentials
     */
    public static SocketProxy socks5(TcpEndpoint address) {
        return new SocketProxy(Kind.SOCKS5, Objects.requireNonNull(address, "proxy"), null);
    }

    /**
     * Creates an HTTP proxy that tunnels by CONNECT. The connection to the proxy itself has no TLS.
     *
     * @param address the proxy's host and port
     * @return the proxy, without credentials
     */
    public static SocketProxy httpConnect(TcpEndpoint address) {
        return new SocketProxy(Kind.HTTP_CONNECT, Objects.requireNonNull(address, "proxy"), null);
    }

    /**
     * Returns the same proxy with credentials: user name and password of SOCKS 5, or Basic of HTTP. They are sent to
     * the proxy without encryption. No message or log of this library contains them.
     *
     * @param supplier called at each connection attempt, on the manager's executor; when it throws, the attempt fails
     *     with that cause. Its result must have no control characters. For SOCKS 5, each part has at most 255 bytes.
     *     For HTTP, the user name has no colon
     * @return the proxy
     */
    public SocketProxy withCredentials(Supplier<PasswordAuthentication> supplier) {
        return new SocketProxy(kind, address, Objects.requireNonNull(supplier, "credentials"));
    }

    TcpEndpoint address() {
        return address;
    }

    boolean hasCredentials() {
        return credentials != null;
    }

    /** What is done on a socket that is connected to the proxy until it leads to the target. */
    Step handshake(SocketChannel channel, TcpEndpoint target) {
        boolean http = kind == Kind.HTTP_CONNECT;
        PasswordAuthentication login =
                credentials == null ? null : ProxyLogin.check(credentials.get(), toString(), http);
        var request = new TunnelRequest(
                channel,
                address.toString(),
                target.host(),
                target.port(),
                target.toString(),
                login,
                ProxyConnectException::new);
        return http ? new HttpConnectHandshake(request) : new Socks5Handshake(request);
    }

    /** Returns kind and address, never the credentials. */
    @Override
    public String toString() {
        return (kind == Kind.SOCKS5 ? "SOCKS 5 proxy " : "HTTP proxy ") + address;
    }
}
