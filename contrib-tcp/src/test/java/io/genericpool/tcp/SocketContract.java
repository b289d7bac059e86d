package io.genericpool.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.spi.ConnectionManager;
import io.genericpool.testkit.ConnectionManagerContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The testkit's suite for one kind of sockets; subclasses say which of the two views is talked to. */
abstract class SocketContract<C> extends ConnectionManagerContract<Object, C> {
    private final Kind kind;
    private final Consumer<SocketManagerBuilder<?, ?>> settings;
    private Kind.World world;
    private ConnectionManager<Object, C> manager;

    SocketContract(Kind kind, Consumer<SocketManagerBuilder<?, ?>> settings) {
        this.kind = kind;
        this.settings = settings;
    }

    abstract ConnectionManager<Object, C> managerOf(Kind.World world);

    abstract String ask(C connection, String text) throws Exception;

    abstract String receive(C connection, int length) throws Exception;

    abstract SocketAddress localAddress(C connection) throws IOException;

    @BeforeAll
    static void startTheTimer() throws Exception {
        // The JDK keeps one thread for all timers, which would else look as if a test had left it over.
        new CompletableFuture<Void>()
                .completeOnTimeout(null, 1, TimeUnit.MILLISECONDS)
                .get();
    }

    @BeforeEach
    void start() throws Exception {
        world = kind.world(Peer::echo, settings);
        manager = managerOf(world);
    }

    @AfterEach
    void stop() throws Exception {
        world.close();
    }

    @Override
    protected final ConnectionManager<Object, C> manager() {
        return manager;
    }

    @Override
    protected final Object endpoint() {
        return world.endpoint();
    }

    @Override
    protected final Optional<Object> unreachableEndpoint() {
        return Optional.of(world.unreachable());
    }

    @Override
    protected final Optional<Object> silentEndpoint() {
        try {
            return Optional.of(world.silent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected final void use(C connection) throws Exception {
        assertThat(ask(connection, "ping")).isEqualTo("ping");
    }

    @Override
    protected final boolean breakFromServer(C connection) throws Exception {
        world.server.endOf(localAddress(connection)).reset();
        return true;
    }

    @Override
    protected final boolean sendFromServer(C connection) throws Exception {
        world.server.endOf(localAddress(connection)).send("news");
        return true;
    }

    @Override
    protected final void receive(C connection) throws Exception {
        assertThat(receive(connection, 4)).isEqualTo("news");
    }

    @Override
    protected final boolean leavesNoThreads() {
        return true;
    }
}
