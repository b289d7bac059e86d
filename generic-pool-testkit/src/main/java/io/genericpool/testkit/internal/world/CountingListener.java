package io.genericpool.testkit.internal.world;

import io.genericpool.event.ConnectionEvent;
import io.genericpool.event.LeaseEvent;
import io.genericpool.event.PoolEvent;
import io.genericpool.event.PoolListener;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts events, keeps the last of each kind, and throws if told to. */
public final class CountingListener implements PoolListener<String> {
    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    private final Map<Kind, PoolEvent<String>> last = new EnumMap<>(Kind.class);
    private @Nullable RuntimeException failure;

    public synchronized int count(Kind kind) {
        return counts.getOrDefault(kind, 0);
    }

    public synchronized LeaseEvent<String> lastLease(Kind kind) {
        return (LeaseEvent<String>) event(kind);
    }

    public synchronized ConnectionEvent<String> lastConnection(Kind kind) {
        return (ConnectionEvent<String>) event(kind);
    }

    public synchronized void failWith(RuntimeException thrown) {
        failure = thrown;
    }

    @Override
    public void onConnectionCreated(ConnectionEvent<String> event) {
        note(Kind.CREATED, event);
    }

    @Override
    public void onConnectFailed(ConnectionEvent<String> event) {
        note(Kind.CONNECT_FAILED, event);
    }

    @Override
    public void onConnectionDisposed(ConnectionEvent<String> event) {
        note(Kind.DISPOSED, event);
    }

    @Override
    public void onConnectionAbandoned(ConnectionEvent<String> event) {
        note(Kind.ABANDONED, event);
    }

    @Override
    public void onAcquired(LeaseEvent<String> event) {
        note(Kind.ACQUIRED, event);
    }

    @Override
    public void onReleased(LeaseEvent<String> event) {
        note(Kind.RELEASED, event);
    }

    @Override
    public void onAcquireFailed(LeaseEvent<String> event) {
        note(Kind.ACQUIRE_FAILED, event);
    }

    @Override
    public void onLeakDetected(LeaseEvent<String> event) {
        note(Kind.LEAK, event);
    }

    @Override
    public void onHookFailed(ConnectionEvent<String> event) {
        note(Kind.HOOK_FAILED, event);
    }

    private synchronized void note(Kind kind, PoolEvent<String> event) {
        counts.merge(kind, 1, Integer::sum);
        last.put(kind, event);
        if (failure != null) {
            throw failure;
        }
    }

    private PoolEvent<String> event(Kind kind) {
        var event = last.get(kind);
        if (event == null) {
            throw new AssertionError("no event of kind " + kind);
        }
        return event;
    }

    /** The methods of a listener. */
    public enum Kind {
        CREATED,
        CONNECT_FAILED,
        DISPOSED,
        ABANDONED,
        ACQUIRED,
        RELEASED,
        ACQUIRE_FAILED,
        LEAK,
        HOOK_FAILED
    }
}
