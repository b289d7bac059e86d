package io.genericpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.spi.ConnectionManager;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The suite for managers, put to the scripted one, so that every test of it has run. */
class ScriptedManagerContractTest extends ConnectionManagerContract<String, FakeConnection<String>> {
    private final ScriptedManager<String> manager = new MortalManager().lendViews();

    ScriptedManagerContractTest() {
        manager.script(Operation.CREATE, "unreachable").always(Behaviour.fail(() -> new ConnectException("refused")));
    }

    @Override
    protected ConnectionManager<String, FakeConnection<String>> manager() {
        return manager;
    }

    @Override
    protected String endpoint() {
        return "a";
    }

    @Override
    protected void use(FakeConnection<String> connection) {
        assertThat(connection.isOpen()).isTrue();
    }

    @Override
    protected Optional<String> unreachableEndpoint() {
        return Optional.of("unreachable");
    }

    @Override
    protected Optional<String> silentEndpoint() {
        return Optional.of("silent");
    }

    @Override
    protected boolean breakFromServer(FakeConnection<String> connection) {
        connection.breakFromServer();
        return true;
    }

    @Override
    protected boolean sendFromServer(FakeConnection<String> connection) {
        return connection.isOpen();
    }

    @Override
    protected boolean signalsDeath() {
        return true;
    }

    @Override
    protected boolean leavesNoThreads() {
        return true;
    }

    /** Keeps its timeout when the server says nothing. */
    private static final class MortalManager extends FullScriptedManager<String> {
        private final CountDownLatch never = new CountDownLatch(1);

        @Override
        public FakeConnection<String> create(String endpoint, Duration timeout) throws Exception {
            if (endpoint.equals("silent")) {
                assertThat(never.await(timeout.toMillis(), TimeUnit.MILLISECONDS))
                        .isFalse();
                throw new SocketTimeoutException("silence");
            }
            return super.create(endpoint, timeout);
        }
    }
}
