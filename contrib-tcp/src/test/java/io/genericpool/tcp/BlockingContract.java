package io.genericpool.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.spi.ConnectionManager;
import io.genericpool.testkit.ConnectionManagerContract;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;

/** The testkit's suite for connections with blocking streams. */
abstract class BlockingContract<E> extends ConnectionManagerContract<E, SocketConnection> {
    abstract Peer server();

    @Override
    protected abstract ConnectionManager<E, SocketConnection> manager();

    @BeforeAll
    static void startTheTimer() throws Exception {
        // The JDK keeps one thread for all timers, which would else look as if a test had left it over.
        new CompletableFuture<Void>()
                .completeOnTimeout(null, 1, TimeUnit.MILLISECONDS)
                .get();
    }

    @Override
    protected void use(SocketConnection connection) throws Exception {
        assertThat(Talk.ask(connection, "ping")).isEqualTo("ping");
    }

    @Override
    protected boolean breakFromServer(SocketConnection connection) throws Exception {
        server().endOf(connection.localAddress()).reset();
        return true;
    }

    @Override
    protected boolean sendFromServer(SocketConnection connection) throws Exception {
        server().endOf(connection.localAddress()).send("news");
        return true;
    }

    @Override
    protected void receive(SocketConnection connection) throws Exception {
        assertThat(Talk.receive(connection, 4)).isEqualTo("news");
    }

    @Override
    protected boolean leavesNoThreads() {
        return true;
    }
}
