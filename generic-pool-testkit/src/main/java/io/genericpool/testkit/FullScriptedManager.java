package io.genericpool.testkit;

import io.genericpool.spi.ConnectionSignals;
import io.genericpool.spi.LeaseScope;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletionStage;

/** The scripted manager that overrides every hook. */
class FullScriptedManager<E> extends ScriptedManager<E> {
    FullScriptedManager() {
        super(true);
    }

    @Override
    public boolean isAlivenessCheckInstant() {
        return checksInstantly;
    }

    @Override
    public void bind(E endpoint, FakeConnection<E> connection, ConnectionSignals signals) throws Exception {
        connection.bindTo(signals);
        call(Operation.BIND, endpoint, connection);
    }

    @Override
    public boolean checkAliveness(E endpoint, FakeConnection<E> connection, Duration timeout) throws Exception {
        var behaviour = next(Operation.CHECK, endpoint);
        boolean alive = false;
        begin(Operation.CHECK, endpoint, connection);
        try {
            behaviour.play();
            alive = behaviour.end() != Behaviour.End.NO && connection.isOpen();
            return alive;
        } finally {
            connection.rules().end(Operation.CHECK, alive);
        }
    }

    @Override
    public void onAcquire(E endpoint, FakeConnection<E> connection) throws Exception {
        call(Operation.ON_ACQUIRE, endpoint, connection);
    }

    @Override
    public FakeConnection<E> lend(E endpoint, FakeConnection<E> connection, LeaseScope scope) throws Exception {
        if (!scope.isActive()) {
            throw new AssertionError("lend is called for a lease that has ended");
        }
        return call(Operation.LEND, endpoint, connection) == Behaviour.End.NULL
                ? nothing()
                : lendsViews ? connection.viewFor(scope) : connection;
    }

    @Override
    public boolean isTooMany(E endpoint, Throwable failure) {
        return tooMany.test(failure);
    }

    @Override
    public Collection<InetAddress> addresses(E endpoint) throws UnknownHostException {
        return resolver.resolve(String.valueOf(endpoint));
    }

    @Override
    public boolean isFatal(E endpoint, FakeConnection<E> connection, Throwable failure) {
        var behaviour = next(Operation.IS_FATAL, endpoint);
        begin(Operation.IS_FATAL, endpoint, connection);
        try {
            behaviour.play();
            return behaviour.end() != Behaviour.End.NO && fatal.test(failure);
        } catch (Exception e) {
            throw e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        } finally {
            connection.rules().end(Operation.IS_FATAL, true);
        }
    }

    @Override
    public void onRelease(E endpoint, FakeConnection<E> connection) throws Exception {
        call(Operation.ON_RELEASE, endpoint, connection);
    }

    @Override
    public CompletionStage<?> resetAsync(E endpoint, FakeConnection<E> connection) {
        var behaviour = next(Operation.RESET, endpoint);
        begin(Operation.RESET, endpoint, connection);
        var rules = connection.rules();
        if (behaviour.end() == Behaviour.End.NULL) {
            rules.end(Operation.RESET, false);
            return nothing();
        }
        var stage = new ScriptedStage<Object>(
                behaviour, () -> rules.end(Operation.RESET, true), () -> rules.end(Operation.RESET, false));
        stage.play(Object::new);
        return behaviour.isPlainSuccess() ? NO_RESET : stage;
    }

    @Override
    public void onConnectionDead(E endpoint, FakeConnection<E> connection) throws Exception {
        call(Operation.ON_DEAD, endpoint, connection);
    }

    final void begin(Operation operation, E endpoint, FakeConnection<E> connection) {
        if (!isOurs(endpoint, connection, operation)) {
            throw new IllegalArgumentException(operation + " of something this manager never made: " + connection);
        }
        connection.rules().begin(operation);
        runProbe(operation);
    }

    private Behaviour.End call(Operation operation, E endpoint, FakeConnection<E> connection) throws Exception {
        var behaviour = next(operation, endpoint);
        boolean ok = false;
        begin(operation, endpoint, connection);
        try {
            behaviour.play();
            ok = behaviour.end() != Behaviour.End.NULL;
            return behaviour.end();
        } finally {
            connection.rules().end(operation, ok);
        }
    }
}
