package io.genericpool.core.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A lease that has been held for too long */
@Name("genericpool.Leak")
@Label("Leak")
@Category("Connection Pool")
@Description("A lease that has been held for too long")
@StackTrace(false)
final class LeakFlight extends Event {
    @Label("Pool")
    @Nullable
    String pool;

    @Label("Endpoint")
    @Nullable
    String endpoint;

    @Timespan(Timespan.NANOSECONDS)
    @Label("Held")
    long held;

    @Label("Holder")
    @Nullable
    String holder;
}
