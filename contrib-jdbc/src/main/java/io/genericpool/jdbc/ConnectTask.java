package io.genericpool.jdbc;

import io.genericpool.support.Nanos;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One connect. JDBC has no deadline for a connect, and drivers do not heed interrupts, so it runs on a thread of its own
 * and may be given up; a connection that comes after that is closed.
 */
final class ConnectTask implements Runnable {
    private final String name;
    private final JdbcEndpoint endpoint;
    private final JdbcSettings settings;
    private final CompletableFuture<PhysicalConnection> result = new CompletableFuture<>();
    private volatile @Nullable Connection opened;

    ConnectTask(String name, JdbcEndpoint endpoint, JdbcSettings settings) {
        this.name = name;
        this.endpoint = endpoint;
        this.settings = settings;
    }

    PhysicalConnection connect(Duration timeout) throws Exception {
        Future<?> work = settings.threads().submit(this);
        try {
            return result.get(Nanos.of(timeout), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return giveUp(
                    work,
                    new SQLTimeoutException(
                            "the connect to " + name + " took longer than " + Nanos.text(timeout),
                            SqlStates.NO_CONNECT,
                            e));
        } catch (InterruptedException e) {
            return giveUp(work, e);
        } catch (ExecutionException e) {
            throw causeOf(e);
        }
    }

    /** Unless it has succeeded at this moment. */
    private PhysicalConnection giveUp(Future<?> work, Exception why) throws Exception {
        if (!result.completeExceptionally(why)) {
            if (!result.isCompletedExceptionally()) {
                return result.join();
            }
            throw why;
        }
        work.cancel(true);
        Connection half = opened;
        if (half != null) {
            closeQuietly(half);
        }
        throw why;
    }

    private static Exception causeOf(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof Exception exception ? exception : e;
    }

    @Override
    public void run() {
        Connection raw = null;
        try {
            raw = endpoint.open();
            opened = raw;
            var state = SessionState.prepare(raw, endpoint);
            if (!result.complete(new PhysicalConnection(name, raw, state, settings))) {
                closeQuietly(raw);
            }
        } catch (Throwable e) {
            if (raw != null) {
                closeQuietly(raw);
            }
            result.completeExceptionally(e);
        }
    }

    /** Nobody has used it: an abort first, as a close may wait for what is under way. */
    private void closeQuietly(Connection raw) {
        try {
            raw.abort(Runnable::run);
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            // A close has to do.
        }
        try {
            raw.close();
        } catch (SQLException | RuntimeException e) {
            // It is given up anyway.
        }
    }
}
