package io.genericpool.tcp;

import com.google.common.base.Ascii;
import com.google.common.base.CharMatcher;
import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Makes endpoints. Any {@link HostAndPort} with a port is one, but a pool takes {@code Example.com:80} and
 * {@code example.com:80}, or two ways to write an IPv6 address, for two endpoints; what these methods return is the same
 * for the same endpoint.
 */
public final class TcpEndpoints {
    private static final CharMatcher NO_HOST = CharMatcher.whitespace().or(CharMatcher.javaIsoControl());

    private TcpEndpoints() {}

    /**
     * Makes an endpoint of a text.
     *
     * @param hostAndPort such as {@code db.example.com:5432}, {@code 10.0.0.7:6379} or {@code [2001:db8::1]:443}
     * @return the endpoint, its host in lower case, an IPv6 address in its shortest form
     * @throws IllegalArgumentException when it is none, or has no port
     */
    public static HostAndPort of(String hostAndPort) {
        Objects.requireNonNull(hostAndPort, "hostAndPort");
        return canonical(hostAndPort, () -> HostAndPort.fromString(hostAndPort));
    }

    /**
     * Makes an endpoint of its parts.
     *
     * @param host a name or an address, an IPv6 address with or without brackets
     * @param port 1 to 65535
     * @return the endpoint, its host in lower case, an IPv6 address in its shortest form
     * @throws IllegalArgumentException when it is none
     */
    public static HostAndPort of(String host, int port) {
        Objects.requireNonNull(host, "host");
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port must be from 1 to 65535, but is " + port);
        }
        return canonical(host, () -> HostAndPort.fromParts(host, port));
    }

    private static HostAndPort canonical(String text, Supplier<HostAndPort> parser) {
        HostAndPort parsed;
        try {
            parsed = parser.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "endpoint must have a host and a port, an IPv6 address in brackets, but is \"" + printable(text)
                            + "\"");
        }
        HostAndPort checked = check("endpoint", parsed);
        String host = checked.getHost();
        String canonical = InetAddresses.isInetAddress(host)
                ? InetAddresses.toAddrString(InetAddresses.forString(host))
                : Ascii.toLowerCase(host);
        return HostAndPort.fromParts(canonical, checked.getPort());
    }

    /** Refuses what cannot be connected to. */
    static HostAndPort check(String what, HostAndPort endpoint) {
        Objects.requireNonNull(endpoint, what);
        if (!endpoint.hasPort()) {
            throw new IllegalArgumentException(what + " must have a port, but is \"" + endpoint + "\"");
        }
        if (endpoint.getPort() == 0) {
            throw new IllegalArgumentException(what + " must have a port from 1 to 65535, but is \"" + endpoint + "\"");
        }
        // HostAndPort.fromParts takes anything for a host, line ends too, which must not get into a proxy's request.
        if (endpoint.getHost().isEmpty() || NO_HOST.matchesAnyOf(endpoint.getHost())) {
            throw new IllegalArgumentException(
                    what + " must have a host, but is \"" + printable(endpoint.toString()) + "\"");
        }
        return endpoint;
    }

    private static String printable(String text) {
        return NO_HOST.replaceFrom(text, '?');
    }
}
