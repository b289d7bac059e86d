package io.genericpool.spring;

import io.genericpool.event.CircuitEvent;
import io.genericpool.event.ConnectionEvent;
import io.genericpool.event.LeaseEndEvent;
import io.genericpool.event.LeaseEvent;
import io.genericpool.event.PoolListener;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Several listeners as one, because a pool has one. It overrides neither event of the fast path, which would then be
 * slower. {@link WithLeases} overrides both, and is used when one of the listeners does.
 */
class CombinedListener<E> implements PoolListener<E> {
    private final List<PoolListener<E>> listeners;

    private CombinedListener(List<PoolListener<E>> listeners) {
        this.listeners = listeners;
    }

    @SuppressWarnings("unchecked") // an event is only read, so a listener to a supertype can take it
    static <E> @Nullable PoolListener<E> of(List<? extends PoolListener<? super E>> listeners) {
        List<PoolListener<E>> narrowed =
                listeners.stream().map(each -> (PoolListener<E>) each).toList();
        return switch (narrowed.size()) {
            case 0 -> null;
            case 1 -> narrowed.get(0);
            default ->
                narrowed.stream().anyMatch(CombinedListener::hearsLeases)
                        ? new WithLeases<>(narrowed)
                        : new CombinedListener<>(narrowed);
        };
    }

    private static boolean hearsLeases(PoolListener<?> listener) {
        return overrides(listener, "onAcquired", LeaseEvent.class)
                || overrides(listener, "onReleased", LeaseEvent.class)
                || overrides(listener, "onLeaseEnded", LeaseEndEvent.class);
    }

    private static boolean overrides(PoolListener<?> listener, String method, Class<?> event) {
        try {
            return listener.getClass().getMethod(method, event).getDeclaringClass() != PoolListener.class;
        } catch (NoSuchMethodException e) {
            return true; // as in a native image without hints: hear too much rather than too little
        }
    }

    /** Each listener hears the event, even when one before it throws. The pool counts and logs the failure. */
    final void tellAll(Consumer<PoolListener<E>> event) {
        RuntimeException failure = null;
        for (PoolListener<E> listener : listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void onConnectionCreated(ConnectionEvent<E> event) {
        tellAll(each -> each.onConnectionCreated(event));
    }

    @Override
    public void onConnectFailed(ConnectionEvent<E> event) {
        tellAll(each -> each.onConnectFailed(event));
    }

    @Override
    public void onConnectionDisposed(ConnectionEvent<E> event) {
        tellAll(each -> each.onConnectionDisposed(event));
    }

    @Override
    public void onConnectionAbandoned(ConnectionEvent<E> event) {
        tellAll(each -> each.onConnectionAbandoned(event));
    }

    @Override
    public void onAcquiredAfterWait(LeaseEvent<E> event) {
        tellAll(each -> each.onAcquiredAfterWait(event));
    }

    @Override
    public void onAcquireFailed(LeaseEvent<E> event) {
        tellAll(each -> each.onAcquireFailed(event));
    }

    @Override
    public void onLeakDetected(LeaseEvent<E> event) {
        tellAll(each -> each.onLeakDetected(event));
    }

    @Override
    public void onHookFailed(ConnectionEvent<E> event) {
        tellAll(each -> each.onHookFailed(event));
    }

    @Override
    public void onCircuitChanged(CircuitEvent<E> event) {
        tellAll(each -> each.onCircuitChanged(event));
    }

    private static final class WithLeases<E> extends CombinedListener<E> {
        private WithLeases(List<PoolListener<E>> listeners) {
            super(listeners);
        }

        @Override
        public void onAcquired(LeaseEvent<E> event) {
            tellAll(each -> each.onAcquired(event));
        }

        @Override
        public void onReleased(LeaseEvent<E> event) {
            tellAll(each -> each.onReleased(event));
        }

        @Override
        public void onLeaseEnded(LeaseEndEvent<E> event) {
            tellAll(each -> each.onLeaseEnded(event));
        }
    }
}
