package io.genericpool.tcp;

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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import tlschannel.TlsChannel;

/** A transport to targets that a test gives, which notes every socket it has opened. */
final class RecordingTransport implements Transport<String> {
    final List<SocketChannel> opened = new CopyOnWriteArrayList<>();
    private final List<Target> targets;
    private final Pace pace;
    private final SocketTuning tuning = new SocketTuning(Map.of(), Map.of(), null);
    /** What opening a socket does first. */
    volatile Runnable onOpen = () -> {};

    RecordingTransport(Pace pace, List<TcpEndpoint> targets) {
        this.pace = pace;
        this.targets = targets.stream()
                .map(target -> new Target(address(target), false))
                .toList();
    }

    private static InetSocketAddress address(TcpEndpoint target) {
        try {
            return new InetSocketAddress(InetAddress.getByName(target.host()), target.port());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    long open() {
        return opened.stream().filter(SocketChannel::isOpen).count();
    }

    @Override
    public CompletableFuture<List<Target>> targets(String endpoint, long timeout) {
        return CompletableFuture.completedFuture(targets);
    }

    @Override
    public SocketChannel open(Target target) throws IOException {
        onOpen.run();
        SocketChannel channel = tuning.open(SocketChannel.open());
        opened.add(channel);
        return channel;
    }

    @Override
    public Step tunnel(SocketChannel channel, String endpoint) {
        return null;
    }

    @Override
    public TlsChannel tls(ByteChannel wire, String endpoint) {
        return null;
    }

    @Override
    public boolean isUnix() {
        return false;
    }

    @Override
    public boolean asksUsers() {
        return false;
    }

    @Override
    public Pace pace() {
        return pace;
    }
}
