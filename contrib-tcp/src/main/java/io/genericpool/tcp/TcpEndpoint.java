package io.genericpool.tcp;

import com.google.common.net.HostAndPort;
import io.genericpool.support.SafeText;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a TCP service is: a host and a port in one canonical form, the type of endpoints of {@link TcpConnectionManager} and
 * {@link TlsConnectionManager}. Immutable.
 *
 * <p>Canonical means: a name is in lower case, and in ASCII: {@code bücher.example} becomes
 * {@code xn--bcher-kva.example} (IDNA 2003; the few letters that IDNA 2008 writes in another way, such as the German sharp
 * s, are refused, because they could lead to another host). An IPv6 address is in its shortest form. Two endpoints are
 * equal when their canonical forms are. Endpoints are ordered by host and port, so that many with the same hash code
 * do not slow a pool down.
 *
 * <p>What cannot be a host is refused: line ends, spaces and other characters that would mean something else in a proxy's
 * request, names of more than 253 characters, parts of more than 63.
 */
public final class TcpEndpoint implements Comparable<TcpEndpoint> {
    private static final int MAX_PORT = 65_535;

    private final String host;
    private final int port;

    private TcpEndpoint(String host, int port) {
        this.host = host;
        this.port = port;
    }

    /**
     * Makes an endpoint of a text.
     *
     * @param hostAndPort such as {@code db.example.com:5432}, {@code 10.0.0.7:6379} or {@code [2001:db8::1]:443}
     * @return the endpoint
     * @throws IllegalArgumentException when it is none, or has no port
     */
    public static TcpEndpoint of(String hostAndPort) {
        Objects.requireNonNull(hostAndPort, "hostAndPort");
        HostAndPort parsed;
        try {
            parsed = HostAndPort.fromString(hostAndPort);
        } catch (IllegalArgumentException e) {
            throw invalid("have a host and a port from 1 to 65535, an IPv6 address in brackets", hostAndPort);
        }
        if (!parsed.hasPort()) {
            throw invalid("have a port", hostAndPort);
        }
        if (parsed.getPort() == 0) {
            throw invalid("have a port from 1 to 65535", hostAndPort);
        }
        return new TcpEndpoint(HostNames.canonical(parsed.getHost()), parsed.getPort());
    }

    /**
     * Makes an endpoint of its parts.
     *
     * @param host a name or an address, an IPv6 address with or without brackets
     * @param port 1 to 65535
     * @return the endpoint
     * @throws IllegalArgumentException when it is none
     */
    public static TcpEndpoint of(String host, int port) {
        Objects.requireNonNull(host, "host");
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("port must be from 1 to 65535, but is " + port);
        }
        boolean isBracketed = host.length() > 2 && host.startsWith("[") && host.endsWith("]");
        String bare = isBracketed ? host.substring(1, host.length() - 1) : host;
        if (isBracketed && bare.indexOf(':') < 0) {
            throw invalid("have an IPv6 address in brackets", host);
        }
        return new TcpEndpoint(HostNames.canonical(bare), port);
    }

    private static IllegalArgumentException invalid(String expected, String text) {
        return new IllegalArgumentException("endpoint must " + expected + ", but is \"" + SafeText.label(text) + "\"");
    }

    /**
     * The host.
     *
     * @return the name in lower case and ASCII, or the address, an IPv6 address without brackets
     */
    public String host() {
        return host;
    }

    /**
     * The port.
     *
     * @return 1 to 65535
     */
    public int port() {
        return port;
    }

    /**
     * Compares by host, then by port.
     *
     * @param other the other endpoint
     * @return less than, equal to or more than zero
     */
    @Override
    public int compareTo(TcpEndpoint other) {
        int byHost = host.compareTo(other.host);
        return byHost != 0 ? byHost : Integer.compare(port, other.port);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TcpEndpoint that && port == that.port && host.equals(that.host);
    }

    @Override
    public int hashCode() {
        return 31 * host.hashCode() + port;
    }

    /**
     * The endpoint as {@link #of(String)} takes it.
     *
     * @return such as {@code db.example.com:5432} or {@code [2001:db8::1]:443}
     */
    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
