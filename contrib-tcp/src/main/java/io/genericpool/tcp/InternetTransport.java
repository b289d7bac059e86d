package io.genericpool.tcp;

import io.genericpool.tcp.internal.connect.HostNames;
import io.genericpool.tcp.internal.connect.Lookups;
import io.genericpool.tcp.internal.connect.Pace;
import io.genericpool.tcp.internal.connect.SocketTuning;
import io.genericpool.tcp.internal.connect.Step;
import io.genericpool.tcp.internal.connect.Target;
import io.genericpool.tcp.internal.connect.Transport;
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
final class InternetTransport implements Transport<TcpEndpoint> {
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
    public CompletableFuture<List<Target>> targets(TcpEndpoint endpoint, long timeout) {
        if (proxy != null && HostNames.isScoped(endpoint.host())) {
            throw new IllegalArgumentException(
                    "endpoint " + endpoint + " has a scope, but " + proxy + " cannot use scopes");
        }
        TcpEndpoint next = proxy == null ? endpoint : proxy.address();
        return lookups.lookUp(next.host(), timeout).thenApply(addresses -> targets(addresses, next.port()));
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
    public @Nullable Step tunnel(SocketChannel channel, TcpEndpoint endpoint) {
        return proxy == null ? null : proxy.handshake(channel, endpoint);
    }

    @Override
    public @Nullable TlsChannel tls(ByteChannel wire, TcpEndpoint endpoint) {
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
