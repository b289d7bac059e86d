package io.genericpool.websocket;

import io.genericpool.support.Nanos;
import java.time.Duration;

/** How many connects may begin in some time. Immutable. */
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
     * A rate for each endpoint by itself. A burst of that many is allowed, after that they come evenly spread.
     *
     * @param connects how many; 1 or more
     * @param period in what time; 1 ms or more
     * @return the rate
     * @throws IllegalArgumentException when one is out of bounds
     */
    public static ConnectRate of(long connects, Duration period) {
        if (connects < 1) {
            throw new IllegalArgumentException("connects must be at least 1, but is " + connects);
        }
        if (period.toMillis() < 1) {
            throw new IllegalArgumentException("period must be at least 1 ms, but is " + Nanos.text(period));
        }
        return new ConnectRate(connects, period, false);
    }

    /**
     * Makes all endpoints of one scheme, host and port share the rate, as where a server counts by client address.
     *
     * @return a copy
     */
    public ConnectRate perOrigin() {
        return new ConnectRate(connects, period, true);
    }

    long connects() {
        return connects;
    }

    Duration period() {
        return period;
    }

    Object scopeOf(WebSocketEndpoint endpoint) {
        return perOrigin ? endpoint.origin() : endpoint;
    }
}
