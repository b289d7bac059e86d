package io.genericpool.core.support;

import io.genericpool.CircuitStats;
import io.genericpool.spi.CircuitObserver;
import io.genericpool.spi.ConnectGovernor;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A governor all of whose methods throw. */
public final class ThrowingGovernor implements ConnectGovernor<String> {
    private final boolean throwsErrors;
    private final Queue<String> thrown = new ConcurrentLinkedQueue<>();

    private ThrowingGovernor(boolean throwsErrors) {
        this.throwsErrors = throwsErrors;
    }

    public static ThrowingGovernor ofErrors() {
        return new ThrowingGovernor(true);
    }

    public static ThrowingGovernor ofExceptions() {
        return new ThrowingGovernor(false);
    }

    /** The methods that have thrown, once for each time. */
    public List<String> thrown() {
        return List.copyOf(thrown);
    }

    private RuntimeException failure(String method) {
        thrown.add(method);
        if (throwsErrors) {
            throw new AssertionError(method);
        }
        return new IllegalStateException(method);
    }

    @Override
    public Verdict beforeConnect(String endpoint, long nowNanos) {
        throw failure("beforeConnect");
    }

    @Override
    public void onConnected(String endpoint, long nowNanos) {
        throw failure("onConnected");
    }

    @Override
    public void onConnectFailed(String endpoint, long nowNanos, Throwable cause) {
        throw failure("onConnectFailed");
    }

    @Override
    public void onConnectCancelled(String endpoint, long nowNanos) {
        throw failure("onConnectCancelled");
    }

    @Override
    public Verdict peek(String endpoint, long nowNanos) {
        throw failure("peek");
    }

    @Override
    public CircuitStats circuit(String endpoint, long nowNanos) {
        throw failure("circuit");
    }

    @Override
    public Runnable observe(CircuitObserver<? super String> observer) {
        return () -> {
            throw failure("the end of observe");
        };
    }

    @Override
    public void onEndpointRemoved(String endpoint) {
        throw failure("onEndpointRemoved");
    }
}
