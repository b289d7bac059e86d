package io.genericpool.jdbc;

import io.genericpool.DisposeReason;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import io.genericpool.spi.LeaseScope;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.commons.dbcp2.DelegatingConnection;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a driver's for its whole life. The pool makes no two calls about it at once, so that only what holders
 * report (its death) needs care.
 */
final class PhysicalConnection extends DelegatingConnection<Connection> {
    private final String endpoint;
    private final Connection raw;
    private final SessionState state;
    private final Executor executor;
    private final Predicate<? super SQLException> isGone;
    private final boolean resetsOnClose;

    private volatile @Nullable ConnectionSignals signals;
    private volatile boolean dead;
    /** From the beginning of a lease until nothing is left of it. */
    private @Nullable LentConnection lent;

    PhysicalConnection(String endpoint, Connection raw, SessionState state, JdbcSettings settings) {
        super(raw);
        this.endpoint = endpoint;
        this.raw = raw;
        this.state = state;
        this.executor = settings.threads();
        this.isGone = settings.isGone();
        this.resetsOnClose = settings.resetsOnClose();
    }

    String endpoint() {
        return endpoint;
    }

    Connection raw() {
        return raw;
    }

    SessionState state() {
        return state;
    }

    Executor executor() {
        return executor;
    }

    boolean resetsOnClose() {
        return resetsOnClose;
    }

    // ---- death

    void bind(ConnectionSignals given) {
        signals = given;
    }

    boolean isDead() {
        return dead;
    }

    void dead(SQLException cause) {
        dead = true;
        ConnectionSignals pool = signals;
        if (pool != null) {
            pool.dead(cause);
        }
    }

    void noteFailure(SQLException e) {
        if (!dead && isGone.test(e)) {
            dead(e);
        }
    }

    // ---- leases

    LentConnection lend(LeaseScope scope) {
        var view = new LentConnection(this, scope);
        lent = view;
        return view;
    }

    /** What needs no waiting. */
    void released() throws SQLException {
        LentConnection view = lent;
        if (view != null && !view.needsReset()) {
            if (view.wasUsed()) {
                raw.clearWarnings();
            }
            lent = null;
        }
    }

    /** What may need waiting, if anything is left to do. */
    CompletionStage<?> reset() {
        LentConnection view = lent;
        return view == null ? ConnectionManager.NO_RESET : new Reset(this, view).start(executor);
    }

    void resetNow(LentConnection view) throws SQLException {
        view.reset();
        lent = null;
    }

    // ---- check and disposal

    /** Asks the database, for no longer than the timeout where the driver can bound that. */
    boolean isAlive(Duration timeout) throws SQLException {
        if (dead) {
            return false;
        }
        int seconds = (int) Math.max(1, Math.min((millis(timeout) + 999L) / 1000, Integer.MAX_VALUE));
        Integer networkTimeout = state.networkTimeout();
        if (networkTimeout != null) {
            raw.setNetworkTimeout(executor, millis(timeout));
        }
        if (!raw.isValid(seconds)) {
            return false;
        }
        if (!state.autoCommit()) {
            raw.rollback(); // the question may have begun a transaction
        }
        if (networkTimeout != null) {
            raw.setNetworkTimeout(executor, networkTimeout);
        }
        return true;
    }

    /** Ends it from another thread, which does not wait: what is under way fails. */
    void abort() {
        abortBy(executor);
    }

    private void abortBy(Executor by) {
        try {
            raw.abort(by);
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            // What a driver cannot abort is closed, or abandoned by the pool.
        }
    }

    /**
     * Closes it. With a transaction open, a database may commit at a close: so it is rolled back first, or the connection
     * aborted where its holder may still be at work or nothing can be expected of it.
     */
    void dispose(DisposeReason reason, Duration timeout) throws SQLException {
        LentConnection left = lent;
        lent = null;
        if (dead || reason == DisposeReason.DEAD || (left != null && reason == DisposeReason.CLOSED)) {
            abortBy(Runnable::run);
        } else if (left != null && !rolledBack(timeout)) {
            abortBy(Runnable::run);
        }
        try {
            raw.close();
        } catch (SQLException e) {
            if (!dead && reason != DisposeReason.DEAD && !isGone.test(e)) {
                throw e;
            }
        }
    }

    private boolean rolledBack(Duration timeout) {
        try {
            if (state.networkTimeout() != null) {
                raw.setNetworkTimeout(executor, millis(timeout));
            }
            if (!raw.getAutoCommit()) {
                raw.rollback();
            }
            return true;
        } catch (SQLException | RuntimeException e) {
            return false;
        }
    }

    private static int millis(Duration time) {
        return (int) Math.max(1, Math.min(TimeUnit.MILLISECONDS.convert(time), Integer.MAX_VALUE));
    }

    /** Without the URL, which DBCP would ask the database for. */
    @Override
    public synchronized String toString() {
        return "connection to " + endpoint;
    }
}
