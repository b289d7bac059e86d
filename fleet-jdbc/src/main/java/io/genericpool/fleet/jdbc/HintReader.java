package io.genericpool.fleet.jdbc;

import io.genericpool.spi.shared.FleetEngine.HintListener;
import io.genericpool.spi.shared.FleetEngine.Subscription;
import io.genericpool.support.MaskedFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads hints that PostgreSQL notifies of. One daemon holds one connection while any session listens. Needs PostgreSQL's own
 * driver. What is missed while it connects anew is found at the next heartbeat.
 */
final class HintReader {
    private static final Logger LOG = LoggerFactory.getLogger(HintReader.class);
    /** How soon it notices that a session has come or gone. */
    private static final int WAIT_MILLIS = 100;

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** A connection may die without a sign. */
    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Ledger ledger;
    private final ThreadFactory threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private final Map<Listening, HintListener> listeners = new HashMap<>();
    private @Nullable Thread reader;
    private boolean closed;

    private record Listening(String fleet, String session) {}

    HintReader(Ledger ledger, ThreadFactory threads) {
        this.ledger = ledger;
        this.threads = threads;
    }

    Subscription add(String fleet, String session, HintListener listener) {
        var listening = new Listening(fleet, session);
        lock.lock();
        try {
            if (closed) {
                return () -> {};
            }
            listeners.put(listening, listener);
            if (reader == null) {
                reader = threads.newThread(this::read);
                reader.start();
            }
        } finally {
            lock.unlock();
        }
        return () -> remove(listening, listener);
    }

    private void remove(Listening listening, HintListener listener) {
        lock.lock();
        try {
            listeners.remove(listening, listener);
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            listeners.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---- the reader

    private void read() {
        boolean hasFailed = false;
        while (hasListeners(hasFailed)) {
            Connection connection = null;
            try {
                connection = ledger.open();
                if (!connection.isWrapperFor(PGConnection.class)) {
                    LOG.debug("connections are not of PostgreSQL's own driver: there are no hints");
                    return;
                }
                listen(connection);
                hasFailed = false;
            } catch (SQLException | RuntimeException e) {
                if (!hasFailed) {
                    LOG.debug(
                            "hints of the fleet cannot be read; shares move at the heartbeats only",
                            MaskedFailure.of(e));
                }
                hasFailed = true;
            } finally {
                Ledger.end(connection);
            }
        }
    }

    /** Waits after a failure. Forgets the thread when no session listens. */
    private boolean hasListeners(boolean hasFailed) {
        lock.lock();
        try {
            long left = hasFailed ? PAUSE_NANOS : 0;
            while (left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
            if (listeners.isEmpty()) {
                reader = null;
                return false;
            }
            return true;
        } catch (InterruptedException e) {
            reader = null; // not by this class; a later session starts another one
            return false;
        } finally {
            lock.unlock();
        }
    }

    private Set<Listening> listening() {
        lock.lock();
        try {
            return Set.copyOf(listeners.keySet());
        } finally {
            lock.unlock();
        }
    }

    private @Nullable HintListener listener(@Nullable Listening listening) {
        lock.lock();
        try {
            return listening == null ? null : listeners.get(listening);
        } finally {
            lock.unlock();
        }
    }

    private void listen(Connection connection) throws SQLException {
        PGConnection driver = connection.unwrap(PGConnection.class);
        Map<String, Listening> channels = new HashMap<>();
        long checked = System.nanoTime();
        for (Set<Listening> wanted = listening(); !wanted.isEmpty(); wanted = listening()) {
            follow(connection, channels, wanted);
            PGNotification[] notifications = driver.getNotifications(WAIT_MILLIS);
            if (notifications != null) {
                for (PGNotification notification : notifications) {
                    tell(listener(channels.get(notification.getName())), notification.getParameter());
                }
            }
            if (System.nanoTime() - checked > CHECK_NANOS) {
                checked = System.nanoTime();
                execute(connection, "select 1");
            }
        }
    }

    /** Listens to those that have come, and no more to those that have gone. */
    private void follow(Connection connection, Map<String, Listening> channels, Set<Listening> wanted)
            throws SQLException {
        for (Map.Entry<String, Listening> channel : List.copyOf(channels.entrySet())) {
            if (!wanted.contains(channel.getValue())) {
                execute(connection, "unlisten " + channel.getKey());
                channels.remove(channel.getKey());
            }
        }
        for (Listening one : wanted) {
            if (!channels.containsValue(one)) {
                String channel = channel(connection, one);
                execute(connection, "listen " + channel);
                channels.put(channel, one);
            }
        }
    }

    private String channel(Connection connection, Listening one) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select " + ledger.schema() + ".channel(?, ?)")) {
            statement.setString(1, one.fleet);
            statement.setString(2, one.session);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getString(1);
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void tell(@Nullable HintListener listener, String endpoint) {
        if (listener != null) {
            try {
                listener.hint(List.of(endpoint));
            } catch (RuntimeException e) {
                LOG.warn("a listener of hints failed", e);
            }
        }
    }
}
