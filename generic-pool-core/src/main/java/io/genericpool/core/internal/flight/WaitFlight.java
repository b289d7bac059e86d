package io.genericpool.core.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** An acquire that had to wait */
@Name("genericpool.Wait")
@Label("Wait")
@Category("Connection Pool")
@Description("An acquire that had to wait")
@StackTrace(false)
@Threshold("10 ms")
final class WaitFlight extends Event implements FlightSpan {
    @Label("Pool")
    @Nullable
    String pool;

    @Label("Endpoint")
    @Nullable
    String endpoint;

    @Label("Outcome")
    @Nullable
    String outcome;

    @Label("Bound by")
    @Nullable
    String boundBy;

    @Override
    public void note(String what) {
        boundBy = what;
    }

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
