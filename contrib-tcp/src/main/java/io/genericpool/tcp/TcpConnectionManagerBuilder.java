package io.genericpool.tcp;

import com.google.common.net.HostAndPort;
import java.util.concurrent.Executor;

/** Configures a {@link TcpConnectionManager}. */
public final class TcpConnectionManagerBuilder extends InternetManagerBuilder<TcpConnectionManagerBuilder> {
    TcpConnectionManagerBuilder() {
        super("tcp");
    }

    @Override
    TcpConnectionManagerBuilder self() {
        return this;
    }

    @Override
    Transport<HostAndPort> transport(Executor executor) {
        return transport(executor, null);
    }

    @Override
    public TcpConnectionManager build() {
        return TcpConnectionManager.of(this);
    }
}
