package io.genericpool.tcp;

import com.google.common.net.HostAndPort;
import io.genericpool.support.SafeText;
import io.genericpool.tcp.internal.connect.HostNames;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The address of a TCP service: a host and a port in canonical form. This is the endpoint type of
 * {@link TcpConnectionManager} and {@link TlsConnectionManager}. Immutable.
 *
 * <p>A canonical name is in lower case and in ASCII: {@code bücher.example} becomes {@code xn--bcher-kva.example} (IDNA
 * 2003). The few letters that IDNA 2008 writes differently, such as the German sharp s, are rejected, because they
 * could lead to another host. A canonical IPv6 address is in its shortest form. Two endpoints are equal when their
 * canonical forms are equal. Endpoints are ordered by host and port, so many endpoints with the same hash code do not
 * slow a pool down.
 *
 * <p>Names of more than 253 characters and parts of more than 63 are rejected. Line ends, spaces and other characters
 * are rejected when they would have another meaning in a proxy's request.
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
     * Creates an endpoint from a text.
     *
     * @param hostAndPort a text such as {@code db.example.com:5432}, {@code 10.0.0.7:6379} or {@code [2001:db8::1]:443}
     * @return the endpoint
     * @throws IllegalArgumentException when the text is no endpoint, or has no port
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
     * Creates an endpoint from host and port.
     *
     * @param host a name or an address, an IPv6 address with or without brackets
     * @param port 1 to 65535
     * @return the endpoint
     * @throws IllegalArgumentException when host or port is invalid
     */
    public static TcpEndpoint of(String host, int port) {
        Objects.requireNonNull(host, "host");
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("port must be from 1 to 65535, but is " + port);
        }
        boolean bracketed = host.length() > 2 && host.startsWith("[") && host.endsWith("]");
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        if (bracketed && bare.indexOf(':') < 0) {
            throw invalid("have an IPv6 address in brackets", host);
        }
        return new TcpEndpoint(HostNames.canonical(bare), port);
    }

    private static IllegalArgumentException invalid(String expected, String text) {
        return new IllegalArgumentException("endpoint must " + expected + ", but is \"" + SafeText.label(text) + "\"");
    }

    /**
     * Returns the host.
     *
     * @return the name in lower case and ASCII, or the address; an IPv6 address has no brackets
     */
    public String host() {
        return host;
    }

    /**
     * Returns the port.
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
     * Returns the endpoint in the form that {@link #of(String)} accepts.
     *
     * @return a text such as {@code db.example.com:5432} or {@code [2001:db8::1]:443}
     */
    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
