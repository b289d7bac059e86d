package io.genericpool.jdbc.internal.lent;

import io.genericpool.DisposeReason;
import io.genericpool.jdbc.internal.session.Session;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import io.genericpool.spi.LeaseScope;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a driver's for its whole life. The pool makes no two calls about it at once, so that only what holders
 * report (its death) needs care.
 */
public final class PhysicalConnection extends CompleteConnection {
    /** JDBC's own methods do nothing, and are spared. */
    private static final ClassValue<Boolean> HEARS_REQUESTS = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> driver) {
            try {
                return driver.getMethod("beginRequest").getDeclaringClass() != Connection.class
                        || driver.getMethod("endRequest").getDeclaringClass() != Connection.class;
            } catch (NoSuchMethodException e) {
                return true; // as in a native image without a hint
            }
        }
    };

    private final Session session;
    private final JdbcSettings settings;
    /** Whether the driver wants to hear where the work of a holder begins and ends. */
    private final boolean hearsRequests;

    /** From the beginning of a lease until nothing is left of it. */
    private boolean isLent;
    /** Counts the leases; each view knows its own. */
    private long leases;
    /**
     * The view of the present lease, once its holder has done anything with it; until nothing is left of that. To write it for
     * each lease would cost two threads dear: the garbage collector marks the neighbourhood of what an old object refers to.
     */
    private @Nullable LentConnection used;

    public PhysicalConnection(Session session, JdbcSettings settings) {
        super(session.raw());
        this.session = session;
        this.settings = settings;
        this.hearsRequests = HEARS_REQUESTS.get(session.raw().getClass());
    }

    public void bind(ConnectionSignals signals) {
        session.bind(signals);
    }

    public boolean isDead() {
        return session.isDead();
    }

    // ---- leases

    /** The driver hears first that a request begins, as JDBC 4.3 asks of a pool. */
    public LentConnection lend(LeaseScope scope) throws SQLException {
        if (hearsRequests) {
            raw.beginRequest();
        }
        isLent = true;
        leases++;
        return new LentConnection(this, leases, session, scope, settings.resetsOnClose());
    }

    /** By a view whose holder is about to do something for the first time. */
    void isUsedBy(LentConnection view) {
        used = view;
    }

    /** What needs no waiting. A dead one is not asked at all: its driver may still be waiting for an answer. */
    public void released() throws SQLException {
        if (session.isDead()) {
            return;
        }
        LentConnection view = used;
        if (view == null) {
            endOfRequest();
        } else if (view.number != leases) {
            // its notes may have displaced those of the present lease
            throw new SQLException(
                    "a thread used the connection to " + session.endpoint() + " after its lease had ended");
        } else if (!view.needsReset()) {
            if (view.wasUsed()) {
                session.clearWarnings();
            }
            endOfRequest();
        }
    }

    private void endOfRequest() throws SQLException {
        used = null;
        isLent = false;
        if (hearsRequests) {
            raw.endRequest();
        }
    }

    /** What may need waiting, if anything is left to do. */
    public CompletionStage<?> reset() {
        LentConnection view = used;
        return view == null || session.isDead()
                ? ConnectionManager.NO_RESET
                : new Reset(() -> reset(view), this::abort).start(settings.threads());
    }

    private void reset(LentConnection view) throws SQLException {
        try {
            view.reset();
            endOfRequest();
        } catch (SQLException e) {
            session.noteFailure(e, view.wasMadeReadOnly());
            throw session.masked(e);
        }
    }

    // ---- check and disposal

    /** Asks the database, for no longer than the timeout where the driver can bound that. */
    public boolean isAlive(Duration timeout) throws SQLException {
        if (session.isDead()) {
            return false;
        }
        int seconds = (int) Math.max(1, Math.min((Session.millis(timeout) + 999L) / 1000, Integer.MAX_VALUE));
        boolean limited = session.limitWaits(timeout);
        if (!session.isValid(seconds) || !session.hasRole()) {
            return false;
        }
        if (!session.state().autoCommit()) {
            raw.rollback(); // the question may have begun a transaction
        }
        if (limited) {
            session.unlimitWaits();
        }
        return true;
    }

    /** Ends it from another thread, which does not wait: what is under way fails. */
    private void abort() {
        abortBy(settings.threads());
    }

    private void abortBy(Executor by) {
        try {
            raw.abort(by);
        } catch (SQLException | RuntimeException | LinkageError e) {
            // What a driver cannot abort is closed, or abandoned by the pool.
        }
    }

    /**
     * Closes it. With a transaction open, a database may commit at a close: so it is rolled back first, or the connection
     * aborted where its holder may still be at work or nothing can be expected of it.
     */
    public void dispose(DisposeReason reason, Duration timeout) throws SQLException {
        boolean isLeft = isLent;
        isLent = false;
        used = null;
        session.ends();
        boolean hopeless = session.isDead() || reason == DisposeReason.DEAD;
        if (hopeless || (isLeft && reason == DisposeReason.CLOSED)) {
            abortBy(Runnable::run);
        } else if (isLeft && !rolledBack(timeout)) {
            abortBy(Runnable::run);
        }
        try {
            raw.close();
        } catch (SQLException e) {
            if (!hopeless && !session.isDead() && !session.isGone().test(e)) {
                throw e;
            }
        }
    }

    private boolean rolledBack(Duration timeout) {
        try {
            session.limitWaits(timeout);
            if (!raw.getAutoCommit()) {
                raw.rollback();
            }
            return true;
        } catch (SQLException | RuntimeException e) {
            return false;
        }
    }

    /** Without the URL, which DBCP would ask the database for. */
    @Override
    public synchronized String toString() {
        return "connection to " + session.endpoint();
    }
}
