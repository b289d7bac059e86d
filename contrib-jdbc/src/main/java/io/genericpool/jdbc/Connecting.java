package io.genericpool.jdbc;

import io.genericpool.jdbc.internal.driver.Drivers;
import io.genericpool.jdbc.internal.driver.OpenedConnection;
import io.genericpool.jdbc.internal.driver.Secrets;
import io.genericpool.jdbc.internal.lent.JdbcSettings;
import io.genericpool.jdbc.internal.lent.PhysicalConnection;
import io.genericpool.jdbc.internal.session.RoleCheck;
import io.genericpool.jdbc.internal.session.Session;
import io.genericpool.jdbc.internal.session.SessionState;
import io.genericpool.jdbc.internal.session.Setting;
import io.genericpool.support.SafeText;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connect, on the thread that asks for it and for as long as the driver takes: a thread of its own could be left behind
 * without anyone counting it. The pool interrupts it at the timeout; most drivers end at a bound of their own, see
 * {@link ConnectBound}.
 */
final class Connecting {
    private final String name;
    private final JdbcEndpoint endpoint;
    private final Drivers drivers;
    private final JdbcSettings settings;
    private final RoleCheck role;
    private final Secrets secrets;

    Connecting(String name, JdbcEndpoint endpoint, Drivers drivers, JdbcSettings settings, RoleCheck role) {
        this.name = SafeText.label(name);
        this.endpoint = endpoint;
        this.drivers = drivers;
        this.settings = settings;
        this.role = role;
        this.secrets = endpoint.secrets();
    }

    /** Whatever fails, and by whatever type it says so, does not repeat what is secret. */
    PhysicalConnection connect(Duration timeout) throws Exception {
        try {
            Credentials login = endpoint.login();
            if (login != null) {
                secrets.addPassword(login.password());
            }
            return begin(endpoint.open(login, drivers, timeout), timeout);
        } catch (DatabaseRoleException e) {
            throw e; // it repeats nothing that was configured
        } catch (Throwable e) {
            Throwable masked = secrets.masked(e);
            if (masked instanceof Error error) {
                throw error;
            }
            throw masked instanceof Exception exception ? exception : new SQLException(masked);
        }
    }

    /** Makes what the driver has opened fit for leases. */
    private PhysicalConnection begin(OpenedConnection opened, Duration timeout) throws Exception {
        Connection raw = opened.raw();
        try {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException("the connection attempt to " + name + " was interrupted");
            }
            var session = new Session(name, raw, boundedState(opened, timeout), settings.isGone(), secrets, role);
            session.clearWarnings();
            return new PhysicalConnection(session, settings);
        } catch (Throwable e) {
            closeQuietly(raw);
            throw e;
        }
    }

    /** With a bound for each wait, as far as the driver can; afterwards the network timeout is again what it was. */
    private SessionState boundedState(OpenedConnection opened, Duration timeout) throws SQLException {
        Connection raw = opened.raw();
        Object before = opened.bounded() ? Integer.valueOf(0) : Setting.NETWORK_TIMEOUT.read(raw, settings.isGone());
        boolean bounded = opened.bounded() || bound(raw, before, timeout);
        SessionState state = prepare(raw);
        if (!bounded || before == null) {
            return state;
        }
        Setting.NETWORK_TIMEOUT.set(raw, before);
        return state.withNetworkTimeout(before);
    }

    /** Makes a new connection what its endpoint says, and reads what it is then. */
    private SessionState prepare(Connection raw) throws SQLException {
        // First, so that it sees the driver's defaults, and what follows is not undone by it.
        run(raw, endpoint.initSql());
        checkRole(raw);
        if (endpoint.readOnly != null) {
            raw.setReadOnly(endpoint.readOnly);
        }
        if (endpoint.isolation != null) {
            raw.setTransactionIsolation(endpoint.isolation);
        }
        if (endpoint.catalog != null) {
            raw.setCatalog(endpoint.catalog);
        }
        if (endpoint.schema != null) {
            raw.setSchema(endpoint.schema);
        }
        if (endpoint.autoCommit != null) {
            raw.setAutoCommit(endpoint.autoCommit);
        }
        SessionState state = SessionState.read(raw, settings.isGone());
        if (!state.autoCommit()) {
            raw.commit(); // what was set and read above may have begun a transaction
        }
        return state;
    }

    /** In a transaction of its own: what the initial SQL has set stays, and an open one would refuse the settings. */
    private void checkRole(Connection raw) throws SQLException {
        if (!role.asks()) {
            return;
        }
        boolean isInTransaction = !raw.getAutoCommit();
        if (isInTransaction) {
            raw.commit();
        }
        role.check(raw);
        if (isInTransaction) {
            raw.commit();
        }
    }

    private static void run(Connection raw, List<String> statements) throws SQLException {
        if (statements.isEmpty()) {
            return;
        }
        try (Statement statement = raw.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private boolean bound(Connection raw, @Nullable Object before, Duration timeout) throws SQLException {
        if (!(before instanceof Integer)) {
            return false;
        }
        try {
            Setting.NETWORK_TIMEOUT.set(raw, Session.millis(timeout));
            return true;
        } catch (SQLException e) {
            if (settings.isGone().test(e)) {
                throw e;
            }
            return false;
        } catch (RuntimeException | LinkageError e) {
            return false;
        }
    }

    /** The connection was never used. It is aborted first, because a close may wait for what is under way. */
    private static void closeQuietly(Connection raw) {
        try {
            raw.abort(Runnable::run);
        } catch (SQLException | RuntimeException | LinkageError e) {
            // A close has to do.
        }
        try {
            raw.close();
        } catch (SQLException | RuntimeException | LinkageError e) {
            // It is given up anyway.
        }
    }
}
