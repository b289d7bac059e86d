package io.genericpool.tcp;

import java.net.PasswordAuthentication;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A proxy to connect through: SOCKS 5 or HTTP CONNECT. The endpoint's host is handed to the proxy as it is, which looks it
 * up itself. Immutable.
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
     * A SOCKS 5 proxy.
     *
     * @param address its host and port
     * @return the proxy, used without credentials
     */
    public static SocketProxy socks5(TcpEndpoint address) {
        return new SocketProxy(Kind.SOCKS5, Objects.requireNonNull(address, "proxy"), null);
    }

    /**
     * An HTTP proxy that tunnels by CONNECT, itself spoken to without TLS.
     *
     * @param address its host and port
     * @return the proxy, used without credentials
     */
    public static SocketProxy httpConnect(TcpEndpoint address) {
        return new SocketProxy(Kind.HTTP_CONNECT, Objects.requireNonNull(address, "proxy"), null);
    }

    /**
     * The same proxy with credentials: user name and password of SOCKS 5, or Basic of HTTP. They are sent to the proxy
     * without encryption, and are in no message, log or text of this library.
     *
     * @param supplier asked at each connect, on the manager's executor; when it throws, the connect fails with that cause.
     *     What it returns must have no control characters; for SOCKS 5 each part at most 255 bytes, for HTTP no colon in the
     *     user name
     * @return the proxy
     */
    public SocketProxy withCredentials(Supplier<PasswordAuthentication> supplier) {
        return new SocketProxy(kind, address, Objects.requireNonNull(supplier, "credentials"));
    }

    TcpEndpoint address() {
        return address;
    }

    boolean isHttp() {
        return kind == Kind.HTTP_CONNECT;
    }

    boolean hasCredentials() {
        return credentials != null;
    }

    /** What is done on a socket that is connected to the proxy until it leads to the target. */
    Step handshake(SocketChannel channel, TcpEndpoint target) {
        PasswordAuthentication login = credentials == null ? null : ProxyLogin.check(credentials.get(), this);
        return switch (kind) {
            case SOCKS5 -> new Socks5Handshake(channel, address, target, login);
            case HTTP_CONNECT -> new HttpConnectHandshake(channel, address, target, login);
        };
    }

    /** Kind and address, never the credentials. */
    @Override
    public String toString() {
        return (kind == Kind.SOCKS5 ? "SOCKS 5 proxy " : "HTTP proxy ") + address;
    }
}
