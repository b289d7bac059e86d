package io.genericpool.jdbc;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * Threads that use one database without a pause: by turns they commit a row, leave one uncommitted, and leave their session
 * read-only in another isolation. Each looks first whether it finds what somebody else has left.
 */
final class Load implements AutoCloseable {
    private final DataSource source;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLongArray successes;
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong committed = new AtomicLong();
    /** Commits whose answer was lost with the connection: the row may be there. */
    private final AtomicLong unknown = new AtomicLong();

    private final Queue<String> leaks = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> unexpected = new ConcurrentLinkedQueue<>();
    private volatile boolean ended;

    Load(DataSource source, int workers) throws SQLException {
        this.source = source;
        this.successes = new AtomicLongArray(workers);
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("drop table if exists ledger");
            statement.execute("create table ledger (kind text)");
        }
        for (int i = 0; i < workers; i++) {
            int worker = i;
            var thread = new Thread(() -> work(worker), "load-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void work(int worker) {
        for (int turn = 0; !ended; turn++) {
            try {
                turn(turn % 3);
                successes.incrementAndGet(worker);
            } catch (SQLException e) {
                failures.incrementAndGet();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2)); // a client that fails does not spin
            } catch (Throwable e) {
                unexpected.add(e);
                return;
            }
        }
    }

    private void turn(int kind) throws SQLException {
        try (var connection = source.getConnection()) {
            check(connection);
            connection.setAutoCommit(false);
            switch (kind) {
                case 0 -> {
                    insert(connection, "committed");
                    commit(connection);
                    connection.setAutoCommit(true);
                }
                case 1 -> insert(connection, "forgotten");
                default -> {
                    connection.setReadOnly(true);
                    connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
                    connection.createStatement().executeQuery("select 1").next(); // left open
                }
            }
        }
    }

    private void check(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            leaks.add("autocommit was off");
        }
        if (connection.isReadOnly()) {
            leaks.add("it was read-only");
        }
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(
                        "select current_setting('transaction_isolation'), "
                                + "pg_current_xact_id_if_assigned() is null, (select count(*) from ledger where kind = 'forgotten')")) {
            result.next();
            if (!result.getString(1).equals("read committed")) {
                leaks.add("its isolation was " + result.getString(1));
            }
            if (!result.getBoolean(2)) {
                leaks.add("a transaction that has written was open");
            }
            if (result.getInt(3) != 0) {
                leaks.add("a row that nobody has committed was there");
            }
        }
    }

    private static void insert(Connection connection, String kind) throws SQLException {
        try (var statement = connection.prepareStatement("insert into ledger values (?)")) {
            statement.setString(1, kind);
            statement.executeUpdate();
        }
    }

    private void commit(Connection connection) throws SQLException {
        try {
            connection.commit();
            committed.incrementAndGet();
        } catch (SQLException e) {
            unknown.incrementAndGet();
            throw e;
        }
    }

    /** Waits until each thread has succeeded some times more, which shows that all is well by now. */
    void awaitSuccesses(int times, Duration timeout) {
        long[] before = new long[successes.length()];
        for (int i = 0; i < before.length; i++) {
            before[i] = successes.get(i);
        }
        await().pollInterval(Duration.ofMillis(5)).atMost(timeout).until(() -> {
            for (int i = 0; i < before.length; i++) {
                if (successes.get(i) < before[i] + times) {
                    return false;
                }
            }
            return true;
        });
    }

    long failures() {
        return failures.get();
    }

    long committed() {
        return committed.get();
    }

    long unknown() {
        return unknown.get();
    }

    Queue<String> leaks() {
        return leaks;
    }

    Queue<Throwable> unexpected() {
        return unexpected;
    }

    /** Ends the threads and waits for them. */
    @Override
    public void close() {
        ended = true;
        await().atMost(Duration.ofSeconds(30)).until(() -> threads.stream().noneMatch(Thread::isAlive));
    }
}
