package io.genericpool.tcp;

import io.genericpool.spi.ConnectionManager;
import java.io.IOException;
import java.net.SocketAddress;

/** The testkit's suite for connections whose reads and writes hold no thread. */
abstract class AsyncContract extends SocketContract<AsyncSocketConnection> {
    AsyncContract(Kind kind) {
        super(kind, builder -> {});
    }

    @Override
    final ConnectionManager<Object, AsyncSocketConnection> managerOf(Kind.World world) {
        return world.asyncManager();
    }

    @Override
    final String ask(AsyncSocketConnection connection, String text) throws Exception {
        return Talk.ask(connection, text);
    }

    @Override
    final String receive(AsyncSocketConnection connection, int length) throws Exception {
        return Talk.receive(connection, length);
    }

    @Override
    final SocketAddress localAddress(AsyncSocketConnection connection) throws IOException {
        return connection.localAddress();
    }

    @Override
    protected boolean signalsDeath() {
        return true;
    }
}
