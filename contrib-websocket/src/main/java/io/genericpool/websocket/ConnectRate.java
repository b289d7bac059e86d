package io.genericpool.websocket;

import io.genericpool.support.Nanos;
import io.genericpool.websocket.internal.knobs.Bounds;
import io.genericpool.websocket.internal.socket.SocketSettings;
import java.time.Duration;

/** The maximum number of connection attempts per period. Immutable. */
public final class ConnectRate {
    private final long connects;
    private final Duration period;
    private final boolean perOrigin;

    private ConnectRate(long connects, Duration period, boolean perOrigin) {
        this.connects = connects;
        this.period = period;
        this.perOrigin = perOrigin;
    }

    /**
     * Returns a separate rate per endpoint. A burst of the given number may start at once. Further attempts are spread
     * evenly over the period.
     *
     * @param connects the number of attempts; 1 or more
     * @param period the period; 1 ms or more
     * @return the rate
     * @throws IllegalArgumentException when a value is out of bounds
     */
    public static ConnectRate of(long connects, Duration period) {
        Bounds.atLeast("connects", connects, 1);
        if (period.toMillis() < 1) {
            throw new IllegalArgumentException("period must be at least 1 ms, but is " + Nanos.text(period));
        }
        return new ConnectRate(connects, period, false);
    }

    /**
     * Makes all endpoints with the same scheme, host and port share the rate. Use this when a server counts attempts
     * per client address.
     *
     * @return a copy
     */
    public ConnectRate perOrigin() {
        return new ConnectRate(connects, period, true);
    }

    SocketSettings.RateRules rules() {
        return new SocketSettings.RateRules(connects, period, this::scopeOf);
    }

    private Object scopeOf(WebSocketEndpoint endpoint) {
        return perOrigin ? endpoint.origin() : endpoint;
    }
}
