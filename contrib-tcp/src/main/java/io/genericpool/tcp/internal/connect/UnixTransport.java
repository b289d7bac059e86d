package io.genericpool.tcp.internal.connect;

import io.genericpool.support.SafeText;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tlschannel.TlsChannel;

/**
 * Unix-domain sockets. Their connects are immediate, unless the server's backlog is full: then the system refuses one that
 * does not want to wait and cannot tell when to ask again, so a second one waits, on a thread.
 */
public final class UnixTransport implements Transport<Path> {
    private final SocketTuning tuning;

    public UnixTransport(SocketTuning tuning) {
        this.tuning = tuning;
    }

    @Override
    public CompletableFuture<List<Target>> targets(Path endpoint, long timeout) {
        var address = UnixDomainSocketAddress.of(endpoint);
        return CompletableFuture.completedFuture(List.of(new Target(address, false), new Target(address, true)));
    }

    @Override
    public SocketChannel open(Target target) throws IOException {
        return tuning.open(SocketChannel.open(StandardProtocolFamily.UNIX));
    }

    @Override
    public @Nullable Step tunnel(SocketChannel channel, Path endpoint) {
        return null;
    }

    @Override
    public @Nullable TlsChannel tls(ByteChannel wire, Path endpoint) {
        return null;
    }

    @Override
    public boolean isUnix() {
        return true;
    }

    @Override
    public boolean asksUsers() {
        return false;
    }

    /** The second target is for when the first has failed. */
    @Override
    public Pace pace() {
        return Pace.IN_TURN;
    }

    /** A file's name may have any character. */
    @Override
    public String label(Path endpoint) {
        return SafeText.label(endpoint);
    }
}
