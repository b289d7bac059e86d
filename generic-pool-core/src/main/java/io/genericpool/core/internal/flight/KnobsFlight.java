package io.genericpool.core.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** The knobs of a pool that a replay of the recording needs */
@Name("genericpool.Knobs")
@Label("Knobs")
@Category("Connection Pool")
@Description("The knobs of a pool")
@StackTrace(false)
@Period("everyChunk")
final class KnobsFlight extends Event {
    @Label("Pool")
    @Nullable
    String pool;

    @Label("Maximum size")
    int maxSize;

    @Label("Total maximum size")
    int totalMaxSize;

    @Label("Minimum idle")
    int minIdle;

    @Label("Maximum waiters")
    int maxWaiters;

    @Label("Maximum connects per endpoint")
    int maxConnectsPerEndpoint;

    @Timespan(Timespan.NANOSECONDS)
    @Label("Acquire timeout")
    long acquireTimeout;

    @Timespan(Timespan.NANOSECONDS)
    @Label("Connect timeout")
    long connectTimeout;

    @Timespan(Timespan.NANOSECONDS)
    @Label("Idle timeout")
    long idleTimeout;

    @Timespan(Timespan.NANOSECONDS)
    @Label("Maximum lifetime")
    long maxLifetime;
}
