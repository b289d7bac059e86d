package io.genericpool.tcp;

import com.google.common.net.HostAndPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tlschannel.TlsChannel;

/** TCP, with or without TLS, straight or through a proxy. */
final class InternetTransport implements Transport<HostAndPort> {
    private final SocketTuning tuning;
    private final Lookups lookups;
    private final long attemptTimeout;
    private final @Nullable SocketProxy proxy;
    private final @Nullable TlsClient tls;

    InternetTransport(
            SocketTuning tuning,
            Lookups lookups,
            long attemptTimeout,
            @Nullable SocketProxy proxy,
            @Nullable TlsClient tls) {
        this.tuning = tuning;
        this.lookups = lookups;
        this.attemptTimeout = attemptTimeout;
        this.proxy = proxy;
        this.tls = tls;
    }

    @Override
    public CompletableFuture<List<Target>> targets(HostAndPort endpoint) {
        TcpEndpoints.check("endpoint", endpoint);
        HostAndPort next = proxy == null ? endpoint : proxy.address();
        return lookups.lookUp(next.getHost()).thenApply(addresses -> addresses.stream()
                .map(address -> new Target(new InetSocketAddress(address, next.getPort()), false))
                .toList());
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
    public long attemptTimeout() {
        return attemptTimeout;
    }
}
