package io.genericpool.core.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A connection that was disposed */
@Name("genericpool.Dispose")
@Label("Dispose")
@Category("Connection Pool")
@Description("A connection that was disposed")
@StackTrace(false)
final class DisposeFlight extends Event {
    @Label("Pool")
    @Nullable
    String pool;

    @Label("Endpoint")
    @Nullable
    String endpoint;

    @Label("Reason")
    @Nullable
    String reason;

    @Timespan(Timespan.NANOSECONDS)
    @Label("Age")
    long age;

    @Label("Leases")
    long leases;
}
