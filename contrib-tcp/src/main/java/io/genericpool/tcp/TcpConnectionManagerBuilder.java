package io.genericpool.tcp;

import io.genericpool.tcp.internal.connect.Transport;
import java.util.concurrent.Executor;

/** Builds a {@link TcpConnectionManager}. */
public final class TcpConnectionManagerBuilder extends InternetManagerBuilder<TcpConnectionManagerBuilder> {
    TcpConnectionManagerBuilder() {
        super("tcp");
    }

    @Override
    TcpConnectionManagerBuilder self() {
        return this;
    }

    @Override
    Transport<TcpEndpoint> transport(Executor executor) {
        return transport(executor, null);
    }

    @Override
    public TcpConnectionManager build() {
        return TcpConnectionManager.of(this);
    }
}
