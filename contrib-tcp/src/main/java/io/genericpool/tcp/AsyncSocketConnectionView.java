package io.genericpool.tcp;

import io.genericpool.spi.LeaseScope;
import io.genericpool.tcp.internal.connect.Dialer;
import io.genericpool.tcp.internal.connect.Steps;
import io.genericpool.tcp.internal.wire.IoLoop;
import io.genericpool.tcp.internal.wire.NonBlockingConnection;
import io.genericpool.tcp.internal.wire.ViewState;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The view without waiting. */
final class AsyncSocketConnectionView extends ConnectionView<AsyncSocketConnection, NonBlockingConnection>
        implements AsyncSocketConnection {
    private AsyncSocketConnectionView(NonBlockingConnection connection, ViewState state) {
        super(connection, state);
    }

    static AsyncSocketConnectionView of(NonBlockingConnection connection) {
        return new AsyncSocketConnectionView(connection, ViewState.alwaysOpen());
    }

    @Override
    AsyncSocketConnectionView forLease(LeaseScope scope) {
        scope.onEnd(connection::afterLease);
        return new AsyncSocketConnectionView(connection, ViewState.of(scope));
    }

    @Override
    void released() {
        // what waits was told at the end of the lease, whichever end that was
    }

    @Override
    public CompletableFuture<Integer> read(ByteBuffer target) {
        return connection.read(state, target);
    }

    @Override
    public CompletableFuture<Integer> write(ByteBuffer source) {
        return connection.write(state, source);
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
        var unused = transfer.whenComplete((count, failure) ->
                Dialer.dispatch(connection.executor, () -> tell(count, failure, attachment, handler)));
    }

    /** What a handler throws is told to the thread's handler, as the JDK's channels do, and stays out of our way. */
    private static <A> void tell(
            @Nullable Integer count,
            @Nullable Throwable failure,
            A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        try {
            if (failure == null) {
                handler.completed(count, attachment);
            } else {
                handler.failed(failure, attachment);
            }
        } catch (Throwable e) {
            IoLoop.report(e);
        } finally {
            Steps.clearInterrupt();
        }
    }
}
