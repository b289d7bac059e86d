package io.genericpool.tcp;

import io.genericpool.tcp.internal.connect.Transport;
import io.genericpool.tcp.internal.connect.UnixTransport;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/** Builds a {@link UnixSocketConnectionManager}. */
public final class UnixSocketConnectionManagerBuilder
        extends SocketManagerBuilder<Path, UnixSocketConnectionManagerBuilder> {
    UnixSocketConnectionManagerBuilder() {
        super("unix");
    }

    @Override
    UnixSocketConnectionManagerBuilder self() {
        return this;
    }

    @Override
    Transport<Path> transport(Executor executor) {
        return new UnixTransport(tuning(null));
    }

    @Override
    public UnixSocketConnectionManager build() {
        return UnixSocketConnectionManager.of(this);
    }
}
