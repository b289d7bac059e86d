package io.genericpool.websocket.internal.pool;

import io.genericpool.CircuitStats;
import io.genericpool.spi.CircuitObserver;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.websocket.WebSocketEndpoint;
import io.genericpool.websocket.internal.socket.ConnectGivenUpException;

/**
 * A circuit that does not hold against an endpoint that this side has given up a connect. Not told of endpoints that leave
 * the pool, as a circuit remembers these, and as that would cost a task each.
 */
public final class PatientGovernor implements ConnectGovernor<WebSocketEndpoint> {
    private final ConnectGovernor<? super WebSocketEndpoint> governor;

    public PatientGovernor(ConnectGovernor<? super WebSocketEndpoint> governor) {
        this.governor = governor;
    }

    @Override
    public Verdict beforeConnect(WebSocketEndpoint endpoint, long nowNanos) {
        return governor.beforeConnect(endpoint, nowNanos);
    }

    @Override
    public void onConnected(WebSocketEndpoint endpoint, long nowNanos) {
        governor.onConnected(endpoint, nowNanos);
    }

    @Override
    public void onConnectFailed(WebSocketEndpoint endpoint, long nowNanos, Throwable cause) {
        if (cause instanceof ConnectGivenUpException) {
            governor.onConnectCancelled(endpoint, nowNanos);
        } else {
            governor.onConnectFailed(endpoint, nowNanos, cause);
        }
    }

    @Override
    public void onConnectCancelled(WebSocketEndpoint endpoint, long nowNanos) {
        governor.onConnectCancelled(endpoint, nowNanos);
    }

    @Override
    public Verdict peek(WebSocketEndpoint endpoint, long nowNanos) {
        return governor.peek(endpoint, nowNanos);
    }

    @Override
    public CircuitStats circuit(WebSocketEndpoint endpoint, long nowNanos) {
        return governor.circuit(endpoint, nowNanos);
    }

    @Override
    @SuppressWarnings("unchecked") // it is only asked about endpoints of this type, and so tells of no others
    public Runnable observe(CircuitObserver<? super WebSocketEndpoint> observer) {
        return ((ConnectGovernor<WebSocketEndpoint>) governor).observe(observer);
    }

    @Override
    public void forget(WebSocketEndpoint endpoint) {
        governor.forget(endpoint);
    }

    @Override
    public void forgetAll() {
        governor.forgetAll();
    }

    @Override
    public String toString() {
        return governor.toString();
    }
}
