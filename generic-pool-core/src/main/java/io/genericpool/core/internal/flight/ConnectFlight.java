package io.genericpool.core.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A connection attempt */
@Name("genericpool.Connect")
@Label("Connect")
@Category("Connection Pool")
@Description("A connection attempt")
@StackTrace(false)
final class ConnectFlight extends Event implements FlightSpan {
    @Label("Pool")
    @Nullable
    String pool;

    @Label("Endpoint")
    @Nullable
    String endpoint;

    @Label("Outcome")
    @Nullable
    String outcome;

    @Override
    public void commit(String poolName, String endpointLabel, String howItEnded) {
        if (shouldCommit()) {
            pool = poolName;
            endpoint = endpointLabel;
            outcome = howItEnded;
            commit();
        }
    }
}
