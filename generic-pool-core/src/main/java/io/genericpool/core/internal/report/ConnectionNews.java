package io.genericpool.core.internal.report;

import io.genericpool.DisposeReason;
import io.genericpool.core.internal.config.PoolSettings;
import io.genericpool.event.ConnectionEvent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a listener is told of a connection. */
final class ConnectionNews<E> extends PoolNews<E> implements ConnectionEvent<E> {
    private final Call call;

    /** The method of the manager, and what is known of the connection. */
    record Call(String operation, @Nullable DisposeReason reason, long leases) {}

    ConnectionNews(PoolSettings<E> settings, E endpoint, long nanos, @Nullable Throwable failure, Call call) {
        super(settings, endpoint, nanos, failure);
        this.call = call;
    }

    @Override
    public Optional<DisposeReason> reason() {
        return Optional.ofNullable(call.reason);
    }

    @Override
    public String operation() {
        return call.operation;
    }

    @Override
    public long leases() {
        return call.leases;
    }

    @Override
    String subject() {
        return call.operation;
    }
}
