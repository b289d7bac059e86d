package io.genericpool.core.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A change of the circuit of an endpoint */
@Name("genericpool.Circuit")
@Label("Circuit")
@Category("Connection Pool")
@Description("A change of the circuit of an endpoint")
@StackTrace(false)
final class CircuitFlight extends Event {
    @Label("Pool")
    @Nullable
    String pool;

    @Label("Endpoint")
    @Nullable
    String endpoint;

    @Label("Before")
    @Nullable
    String before;

    @Label("After")
    @Nullable
    String after;

    @Label("Failures")
    int failures;
}
