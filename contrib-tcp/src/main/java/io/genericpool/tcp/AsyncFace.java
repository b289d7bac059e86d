package io.genericpool.tcp;

import io.genericpool.spi.LeaseScope;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSession;

/** A connection as its users see it: for one lease, or for ever. */
final class AsyncFace implements AsyncSocketConnection {
    final NonBlockingConnection connection;
    private final Gate gate;

    private AsyncFace(NonBlockingConnection connection, Gate gate) {
        this.connection = connection;
        this.gate = gate;
    }

    static AsyncFace of(NonBlockingConnection connection) {
        return new AsyncFace(connection, Gate.alwaysOpen());
    }

    AsyncFace forLease(LeaseScope scope) {
        var face = new AsyncFace(connection, Gate.ofLease());
        scope.onEnd(face::end);
        return face;
    }

    private void end() {
        gate.close();
        connection.afterLease();
    }

    @Override
    public CompletableFuture<Integer> read(ByteBuffer target) {
        return connection.read(gate, target);
    }

    @Override
    public CompletableFuture<Integer> write(ByteBuffer source) {
        return connection.write(gate, source);
    }

    @Override
    public <A> void read(ByteBuffer target, A attachment, CompletionHandler<Integer, ? super A> handler) {
        tell(read(target), attachment, handler);
    }

    @Override
    public <A> void write(ByteBuffer source, A attachment, CompletionHandler<Integer, ? super A> handler) {
        tell(write(source), attachment, handler);
    }

    /** Never on the calling thread: a handler that begins the next transfer would nest in itself without end. */
    private <A> void tell(
            CompletableFuture<Integer> transfer, A attachment, CompletionHandler<Integer, ? super A> handler) {
        var unused = transfer.whenCompleteAsync(
                (count, failure) -> {
                    if (failure == null) {
                        handler.completed(count, attachment);
                    } else {
                        handler.failed(failure, attachment);
                    }
                },
                connection.executor);
    }

    @Override
    public SocketAddress localAddress() throws IOException {
        gate.check();
        return connection.watch.channel().getLocalAddress();
    }

    @Override
    public SocketAddress remoteAddress() throws IOException {
        gate.check();
        return connection.watch.channel().getRemoteAddress();
    }

    @Override
    public Optional<SSLSession> tlsSession() {
        gate.check();
        return connection.link.session();
    }

    @Override
    public Optional<String> applicationProtocol() {
        gate.check();
        return connection.link.applicationProtocol();
    }

    @Override
    public void shutdownOutput() throws IOException {
        connection.shutdownOutput(gate);
    }

    @Override
    public boolean isOpen() {
        gate.check();
        return connection.watch.channel().isOpen() && !connection.mortality.isDead();
    }

    @Override
    public void close() {
        gate.check();
        connection.close();
    }

    @Override
    public String toString() {
        return gate.isClosed() ? "ended lease of a " + connection : connection.toString();
    }
}
