package io.genericpool.jdbc.internal.session;

import io.genericpool.jdbc.internal.driver.Secrets;
import io.genericpool.jdbc.internal.driver.SqlStates;
import io.genericpool.spi.ConnectionSignals;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One session at a database: the driver's connection, what it began with, and whether it has died. */
public final class Session {
    private final String endpoint;
    private final Connection raw;
    private final SessionState state;
    private final Predicate<? super SQLException> isGone;
    private final Secrets secrets;
    private final RoleCheck role;

    private volatile @Nullable ConnectionSignals signals;
    private volatile boolean dead;
    /** Drivers may tell a network timeout that they cannot set. */
    private boolean boundable;

    public Session(
            String endpoint,
            Connection raw,
            SessionState state,
            Predicate<? super SQLException> isGone,
            Secrets secrets,
            RoleCheck role) {
        this.endpoint = endpoint;
        this.raw = raw;
        this.state = state;
        this.isGone = isGone;
        this.secrets = secrets;
        this.role = role;
        this.boundable = state.value(Setting.NETWORK_TIMEOUT) instanceof Integer;
    }

    /** Its name, fit for messages. */
    public String endpoint() {
        return endpoint;
    }

    public Connection raw() {
        return raw;
    }

    public SessionState state() {
        return state;
    }

    public Predicate<? super SQLException> isGone() {
        return isGone;
    }

    // ---- death

    public void bind(ConnectionSignals given) {
        signals = given;
        role.joined(this);
    }

    /** It is about to be closed: what others find out does not concern it any more. */
    public void ends() {
        role.left(this);
    }

    /** Another one has shown that the database may have another role than this one was made for. */
    public void suspect() {
        ConnectionSignals pool = signals;
        if (pool != null) {
            pool.suspect();
        }
    }

    public boolean isDead() {
        return dead;
    }

    public void dead(SQLException cause) {
        dead = true;
        ConnectionSignals pool = signals;
        if (pool != null) {
            pool.dead(cause);
        }
    }

    /**
     * On the thread of a holder, which the driver must not hold up: it is not asked anything.
     *
     * @param readOnly whether the session was made read-only by its holder or its endpoint
     */
    public void noteFailure(SQLException e, boolean readOnly) {
        if (dead) {
            return;
        }
        if (isGone.test(e)) {
            dead(e);
        } else if (role.contradicts(e, readOnly)) {
            dead(e);
            role.suspectAll();
        }
    }

    /** Whether the database still has the role that its endpoint requires. The other connections are suspects if not. */
    public boolean hasRole() throws SQLException {
        try {
            role.check(raw);
            return true;
        } catch (SQLTransientConnectionException e) {
            dead(e);
            return false;
        }
    }

    /** A failure that goes to the pool, and from there to logs. @return the same, or a copy with masked texts */
    public SQLException masked(SQLException e) {
        return secrets.masked(e) instanceof SQLException sql ? sql : e;
    }

    // ---- what drivers may not support

    /** Bounds what is asked of the database from here on. @return whether the driver can, so that it must be undone */
    public boolean limitWaits(Duration limit) throws SQLException {
        if (!boundable) {
            return false;
        }
        try {
            Setting.NETWORK_TIMEOUT.set(raw, millis(limit));
            return true;
        } catch (SQLException e) {
            if (isGone.test(e)) {
                throw e;
            }
            boundable = false;
        } catch (RuntimeException | LinkageError e) {
            boundable = false;
        }
        return false;
    }

    public void unlimitWaits() throws SQLException {
        Object before = state.value(Setting.NETWORK_TIMEOUT);
        if (before != null) {
            Setting.NETWORK_TIMEOUT.set(raw, before);
        }
    }

    public static int millis(Duration time) {
        return (int) Math.max(1, Math.min(TimeUnit.MILLISECONDS.convert(time), Integer.MAX_VALUE));
    }

    /** Without a check where the driver has none: that is no reason to call the session dead. */
    public boolean isValid(int seconds) throws SQLException {
        try {
            return raw.isValid(seconds);
        } catch (SQLException e) {
            if (!SqlStates.saysUnsupported(e)) {
                throw e;
            }
        } catch (UnsupportedOperationException | LinkageError e) {
            // As above.
        }
        return !raw.isClosed();
    }

    public void clearWarnings() throws SQLException {
        try {
            raw.clearWarnings();
        } catch (SQLException e) {
            if (!SqlStates.saysUnsupported(e)) {
                throw e;
            }
        } catch (UnsupportedOperationException | LinkageError e) {
            // There are none then.
        }
    }
}
