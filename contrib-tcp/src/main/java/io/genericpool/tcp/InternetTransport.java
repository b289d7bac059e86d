package io.genericpool.tcp;

import com.google.common.net.HostAndPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tlschannel.TlsChannel;

/** TCP, with or without TLS, straight or through a proxy. */
final class InternetTransport implements Transport<HostAndPort> {
    private final SocketTuning tuning;
    private final Lookups lookups;
    private final Pace pace;
    private final @Nullable SocketProxy proxy;
    private final @Nullable TlsClient tls;

    InternetTransport(
            SocketTuning tuning, Lookups lookups, Pace pace, @Nullable SocketProxy proxy, @Nullable TlsClient tls) {
        this.tuning = tuning;
        this.lookups = lookups;
        this.pace = pace;
        this.proxy = proxy;
        this.tls = tls;
    }

    @Override
    public CompletableFuture<List<Target>> targets(HostAndPort endpoint, long timeout) {
        TcpEndpoints.check("endpoint", endpoint);
        HostAndPort next = proxy == null ? endpoint : proxy.address();
        return lookups.lookUp(next.getHost(), timeout).thenApply(addresses -> targets(addresses, next.getPort()));
    }

    /** Each address once. Two with different scopes are different, which their {@code equals} does not say. */
    private static List<Target> targets(List<InetAddress> addresses, int port) {
        var byText = new LinkedHashMap<String, Target>();
        for (InetAddress address : addresses) {
            byText.putIfAbsent(address.getHostAddress(), new Target(new InetSocketAddress(address, port), false));
        }
        return List.copyOf(byText.values());
    }

    @Override
    public SocketChannel open(Target target) throws IOException {
        return tuning.open(SocketChannel.open());
    }

    @Override
    public @Nullable Step tunnel(SocketChannel channel, HostAndPort endpoint) {
        return proxy == null ? null : proxy.handshake(channel, endpoint);
    }

    @Override
    public @Nullable TlsChannel tls(ByteChannel wire, HostAndPort endpoint) {
        return tls == null ? null : tls.over(wire, endpoint);
    }

    @Override
    public boolean isUnix() {
        return false;
    }

    @Override
    public boolean asksUsers() {
        return tls != null || (proxy != null && proxy.hasCredentials());
    }

    @Override
    public Pace pace() {
        return pace;
    }
}
