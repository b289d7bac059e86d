package io.genericpool.core.internal.call;

import io.genericpool.CircuitState;
import io.genericpool.CircuitStats;
import io.genericpool.core.internal.config.ManagerHooks;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.log.SafeLog;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.spi.ConnectGovernor.Verdict;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All calls of the pool's governor: without a lock, marked as inside a hook, and whatever it throws goes no further. */
public final class GovernorCalls<E, C> {
    private final CallContext<E, C> context;
    private final ConnectGovernor<? super E> governor;
    private final boolean hearsOfRemovals;
    private static final SafeLog LOG = SafeLog.of(GovernorCalls.class);

    /** False when it allows everything: then it is never called. */
    public final boolean enabled;

    private volatile @Nullable Runnable endOfObservation;

    public GovernorCalls(CallContext<E, C> context) {
        this.context = context;
        this.governor = context.settings.connectGovernor;
        this.enabled = governor != ConnectGovernor.unlimited();
        this.hearsOfRemovals = enabled
                && ManagerHooks.overrides(
                        ConnectGovernor.class, governor.getClass(), "onEndpointRemoved", Object.class);
    }

    /** Has the listener told how circuits change; ended by {@link #stopObserving()}. */
    public void observe() {
        if (enabled) {
            endOfObservation = quietly("observe", () -> observe(governor), null);
        }
    }

    /** What is told of endpoints that this pool does not hold, since the governor is shared, is passed over. */
    @SuppressWarnings("unchecked")
    private <F> Runnable observe(ConnectGovernor<F> observed) {
        return observed.observe((endpoint, before, after) -> changed((E) endpoint, before, after));
    }

    private void changed(E endpoint, CircuitState before, CircuitStats after) {
        EndpointPool<E, C> pool = context.registry.find(endpoint);
        if (pool != null && !context.registry.isClosed()) {
            context.events.circuitChanged(pool, before, after);
        }
    }

    public void stopObserving() {
        Runnable end = endOfObservation;
        if (end != null) {
            quietly("observe", end);
        }
    }

    /** May a connect start? The governor is owed an answer when it says yes. */
    Verdict mayConnect(Slot<E, C> slot) {
        return ask(slot, "beforeConnect", () -> governor.beforeConnect(slot.owner.endpoint(), context.ticker.exact()));
    }

    /** What it would say, without anything taken. */
    public Verdict peek(Slot<E, C> slot) {
        return ask(slot, "peek", () -> governor.peek(slot.owner.endpoint(), context.ticker.exact()));
    }

    private Verdict ask(Slot<E, C> slot, String call, Callable<@Nullable Verdict> question) {
        try {
            return context.hooks.inside(
                    slot, () -> Objects.requireNonNull(question.call(), () -> call + " returned null"));
        } catch (Throwable e) {
            context.hooks.failed(slot, call, e);
            return Verdict.proceed();
        }
    }

    void connectEnded(Slot<E, C> slot, @Nullable Throwable failure) {
        if (failure == null) {
            tell(slot, () -> governor.onConnected(slot.owner.endpoint(), context.ticker.exact()));
        } else if (context.registry.isClosed()) {
            // The close has broken it off: nothing that another pool with this governor should hold against it.
            connectCancelled(slot);
        } else {
            tell(slot, () -> governor.onConnectFailed(slot.owner.endpoint(), context.ticker.exact(), failure));
        }
    }

    void connectCancelled(Slot<E, C> slot) {
        tell(slot, () -> governor.onConnectCancelled(slot.owner.endpoint(), context.ticker.exact()));
    }

    private void tell(Slot<E, C> slot, Runnable telling) {
        try {
            context.hooks.inside(slot, () -> {
                telling.run();
                return true;
            });
        } catch (Throwable e) {
            context.hooks.failed(slot, "connectGovernor", e);
        }
    }

    private <T extends @Nullable Object> T quietly(String call, Supplier<T> question, T otherwise) {
        try {
            return question.get();
        } catch (Throwable e) {
            LOG.warn(
                    "pool {}: the governor failed in {}; the pool uses a safe answer",
                    context.settings.name(),
                    call,
                    e);
            return otherwise;
        }
    }

    /** For statistics. */
    public CircuitStats circuit(EndpointPool<E, C> pool) {
        if (!enabled) {
            return CircuitStats.closed();
        }
        try {
            return Objects.requireNonNull(
                    governor.circuit(pool.endpoint, context.ticker.exact()), "circuit returned null");
        } catch (Throwable e) {
            context.hooks.failed(pool, "circuit", e);
            return CircuitStats.closed();
        }
    }

    /** For an endpoint that the pool may not hold at the moment. */
    public CircuitStats circuitOf(E endpoint) {
        return enabled
                ? quietly(
                        "circuit",
                        () -> Objects.requireNonNull(
                                governor.circuit(endpoint, context.ticker.exact()), "circuit returned null"),
                        CircuitStats.closed())
                : CircuitStats.closed();
    }

    /** An operator wants nothing to be held against an endpoint any more. */
    public void forget(E endpoint) {
        quietly("forget", () -> governor.forget(endpoint));
    }

    public void forgetAll() {
        quietly("forgetAll", governor::forgetAll);
    }

    private void quietly(String call, Runnable told) {
        if (enabled) {
            quietly(
                    call,
                    () -> {
                        told.run();
                        return true;
                    },
                    true);
        }
    }

    public void endpointRemoved(EndpointPool<E, C> pool) {
        if (!hearsOfRemovals) {
            return;
        }
        context.executors.disposeExecutor().execute(() -> {
            try {
                if (context.registry.find(pool.endpoint) == null) { // it may have joined again by now
                    governor.onEndpointRemoved(pool.endpoint);
                }
            } catch (Throwable e) {
                context.hooks.failed(pool, "onEndpointRemoved", e);
            }
        });
    }
}
