package io.genericpool.core.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A lease that has ended. Off unless asked for, since there is one per acquire. */
@Name("genericpool.Lease")
@Label("Lease")
@Category("Connection Pool")
@Description("A lease that has ended")
@StackTrace(false)
@Enabled(false)
final class LeaseFlight extends Event {
    @Label("Pool")
    @Nullable
    String pool;

    @Label("Endpoint")
    @Nullable
    String endpoint;

    @Timespan(Timespan.NANOSECONDS)
    @Label("Waited")
    long waited;

    @Timespan(Timespan.NANOSECONDS)
    @Label("Hand-over")
    long handOver;

    @Timespan(Timespan.NANOSECONDS)
    @Label("Held")
    long held;

    /** The event itself is made a moment later, and by another clock. */
    @Label("Ended at")
    long endedAt;

    @Label("Requester")
    long requester;

    @Label("Invalidated")
    boolean invalidated;
}
