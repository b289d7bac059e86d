package io.genericpool.core.internal.flight;

import io.genericpool.CloseReport;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** The close of a pool */
@Name("genericpool.Close")
@Label("Close")
@Category("Connection Pool")
@Description("The close of a pool")
@StackTrace(false)
final class CloseFlight extends Event implements Flight.CloseSpan {
    @Label("Pool")
    @Nullable
    String pool;

    @Label("Returned")
    int returned;

    @Label("Revoked")
    int revoked;

    @Label("Failed waiters")
    int failedWaiters;

    @Label("Abandoned")
    int abandoned;

    @Override
    public void commit(String poolName, CloseReport report) {
        pool = poolName;
        returned = report.returned();
        revoked = report.revoked();
        failedWaiters = report.failedWaiters();
        abandoned = report.abandoned();
        commit();
    }
}
