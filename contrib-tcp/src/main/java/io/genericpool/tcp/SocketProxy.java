package io.genericpool.tcp;

import com.google.common.net.HostAndPort;
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
    private final HostAndPort address;
    private final @Nullable Supplier<PasswordAuthentication> credentials;

    private SocketProxy(Kind kind, HostAndPort address, @Nullable Supplier<PasswordAuthentication> credentials) {
        this.kind = kind;
        this.address = address;
        this.credentials = credentials;
    }

    /**
     * A SOCKS 5 proxy.
     *
     * @param address its host and port
     * @return the proxy, used without credentials
     * @throws IllegalArgumentException when there is no port
     */
    public static SocketProxy socks5(HostAndPort address) {
        return new SocketProxy(Kind.SOCKS5, TcpEndpoints.check("proxy", address), null);
    }

    /**
     * An HTTP proxy that tunnels by CONNECT, itself spoken to without TLS.
     *
     * @param address its host and port
     * @return the proxy, used without credentials
     * @throws IllegalArgumentException when there is no port
     */
    public static SocketProxy httpConnect(HostAndPort address) {
        return new SocketProxy(Kind.HTTP_CONNECT, TcpEndpoints.check("proxy", address), null);
    }

    /**
     * The same proxy with credentials: user name and password of SOCKS 5, or Basic of HTTP. They are sent to the proxy
     * without encryption, and are in no message, log or text of this library.
     *
     * @param supplier asked at each connect; must not wait; when it throws, the connect fails with that cause
     * @return the proxy
     */
    public SocketProxy withCredentials(Supplier<PasswordAuthentication> supplier) {
        return new SocketProxy(kind, address, Objects.requireNonNull(supplier, "credentials"));
    }

    HostAndPort address() {
        return address;
    }

    boolean hasCredentials() {
        return credentials != null;
    }

    /** What is done on a socket that is connected to the proxy until it leads to the target. */
    Step handshake(SocketChannel channel, HostAndPort target) {
        PasswordAuthentication login = credentials == null
                ? null
                : Objects.requireNonNull(credentials.get(), "the proxy's credentials supplier returned null");
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
