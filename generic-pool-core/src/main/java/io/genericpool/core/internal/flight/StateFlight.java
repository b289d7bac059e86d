package io.genericpool.core.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** How a pool stands */
@Name("genericpool.State")
@Label("State")
@Category("Connection Pool")
@Description("How a pool stands")
@StackTrace(false)
@Period("10 s")
final class StateFlight extends Event {
    @Label("Pool")
    @Nullable
    String pool;

    @Label("Idle")
    int idle;

    @Label("Leased")
    int leased;

    @Label("Checking")
    int checking;

    @Label("Connecting")
    int connecting;

    @Label("Pending")
    int pending;

    @Label("Disposing")
    int disposing;

    @Label("Limit")
    int limit;

    @Label("Waiters")
    int waiters;

    @Label("Endpoints")
    int endpoints;

    @Label("Starving")
    int starving;

    @Label("Acquires")
    long acquires;

    @Label("Timed out")
    long timedOut;

    @Label("Opened")
    long opened;

    @Label("Disposed")
    long disposed;
}
