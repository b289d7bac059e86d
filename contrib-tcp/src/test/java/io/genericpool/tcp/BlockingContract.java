package io.genericpool.tcp;

import io.genericpool.spi.ConnectionManager;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.function.Consumer;

/** The testkit's suite for connections with blocking streams. */
abstract class BlockingContract extends SocketContract<SocketConnection> {
    BlockingContract(Kind kind) {
        this(kind, builder -> {});
    }

    BlockingContract(Kind kind, Consumer<SocketManagerBuilder<?, ?>> settings) {
        super(kind, settings);
    }

    @Override
    final ConnectionManager<Object, SocketConnection> managerOf(Kind.World world) {
        return world.manager();
    }

    @Override
    final String ask(SocketConnection connection, String text) throws Exception {
        return Talk.ask(connection, text);
    }

    @Override
    final String receive(SocketConnection connection, int length) throws Exception {
        return Talk.receive(connection, length);
    }

    @Override
    final SocketAddress localAddress(SocketConnection connection) throws IOException {
        return connection.localAddress();
    }
}
