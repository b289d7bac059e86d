package io.genericpool.fleet.jdbc;

import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.Claim;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Grant;
import io.genericpool.spi.shared.Reply;
import io.genericpool.support.Nanos;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The function that is the ledger, and the one connection that calls it. One thread makes the steps; any may close it. */
final class Ledger {
    static final String SOURCE = read();

    private static final long INSTALL_LOCK = 0x67656e6572696370L; // "genericp"

    private final DataSource source;
    private final Connector connector;
    private final String schema;
    private final long timeout;
    private final String ledgerSource;
    private final String call;
    /** Written by the calling thread alone. */
    private volatile @Nullable Connection current;

    private volatile boolean closed;

    Ledger(DataSource source, String schema, long timeout, String ledgerSource) {
        this.source = source;
        this.connector = new Connector(source, timeout);
        this.schema = "\"" + schema + "\"";
        this.timeout = timeout;
        this.ledgerSource = ledgerSource;
        this.call = "select * from " + this.schema + ".step(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    }

    String schema() {
        return schema;
    }

    void install() throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("select pg_advisory_xact_lock(" + INSTALL_LOCK + ")");
                statement.execute(String.format(ledgerSource, schema));
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    /** A connection of this class's own settings. It must not go back to a pool: {@link #end} it. */
    Connection open() throws SQLException {
        Connection connection = connector.connect();
        try {
            connection.setNetworkTimeout(Runnable::run, Nanos.toMillis(timeout)); // before the first question
            connection.setAutoCommit(true);
            connection.setReadOnly(false);
            connection.setTransactionIsolation(
                    Connection.TRANSACTION_READ_COMMITTED); // each query sees what was locked
            try (Statement statement = connection.createStatement()) {
                statement.execute("set statement_timeout = " + Nanos.toMillis(timeout));
            }
            return connection;
        } catch (Throwable e) {
            end(connection);
            throw e;
        }
    }

    static void end(@Nullable Connection connection) {
        if (connection != null) {
            try {
                connection.abort(Runnable::run); // at once, also while another thread waits for an answer
                connection.close();
            } catch (SQLException e) {
                // It is of no use any more, and no other thread has it.
            }
        }
    }

    /** A connection that turns out to be dead is replaced once: a step made already does no harm, by its sequence. */
    Reply step(Batch batch) throws SQLException {
        boolean isOld = current != null;
        try {
            return call(batch);
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            boolean isCut = state.startsWith("08") || state.startsWith("57P");
            if (isOld && isCut && !closed && !CauseOfCut.isSilence(e)) {
                return call(batch);
            }
            throw e;
        }
    }

    private Reply call(Batch batch) throws SQLException {
        Connection connection = current;
        if (connection == null) {
            connection = open();
            current = connection;
        }
        if (closed) {
            end(connection);
            throw new SQLException("the engine is closed");
        }
        try (PreparedStatement statement = connection.prepareStatement(call)) {
            bind(statement, connection, batch);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return reply(batch, result);
            }
        } catch (SQLException | RuntimeException e) {
            current = null;
            end(connection);
            throw e;
        }
    }

    private static void bind(PreparedStatement statement, Connection connection, Batch batch) throws SQLException {
        List<Claim> claims = batch.claims();
        statement.setString(1, batch.fleet());
        statement.setString(2, batch.session());
        statement.setLong(3, batch.sequence());
        statement.setLong(4, batch.lease().toNanos() / 1_000);
        statement.setLong(5, FleetEngine.TURN / 1_000);
        statement.setLong(6, batch.capVersion());
        statement.setLong(7, batch.sum());
        statement.setString(8, kind(batch.kind()));
        statement.setArray(9, array(connection, "text", claims, Claim::endpoint));
        statement.setArray(10, array(connection, "integer", claims, Claim::cap));
        statement.setArray(11, array(connection, "integer", claims, Claim::share));
        statement.setArray(12, array(connection, "integer", claims, Claim::wanted));
        statement.setArray(13, array(connection, "integer", claims, Claim::nice));
    }

    private static Array array(Connection connection, String type, List<Claim> claims, Function<Claim, Object> value)
            throws SQLException {
        return connection.createArrayOf(type, claims.stream().map(value).toArray());
    }

    private static String kind(Batch.Kind kind) {
        return switch (kind) {
            case CHANGES -> "c";
            case RESTATEMENT -> "r";
            case LEAVE -> "l";
        };
    }

    private static Reply reply(Batch batch, ResultSet result) throws SQLException {
        Object[] endpoints = elements(result, "endpoints");
        Object[] shares = elements(result, "shares");
        Object[] targets = elements(result, "targets");
        Object[] waiting = elements(result, "waiting");
        Object[] caps = elements(result, "caps");
        Object[] versions = elements(result, "versions");
        List<Grant> grants = new ArrayList<>(endpoints.length);
        for (int i = 0; i < endpoints.length; i++) {
            int target = ((Number) targets[i]).intValue();
            grants.add(new Grant(
                    (String) endpoints[i],
                    ((Number) shares[i]).intValue(),
                    target < 0 ? Grant.NO_TARGET : target,
                    ((Number) waiting[i]).intValue(),
                    ((Number) caps[i]).intValue(),
                    ((Number) versions[i]).longValue()));
        }
        return new Reply(
                batch.sequence(),
                result.getBoolean("applied"),
                result.getBoolean("is_new"),
                result.getBoolean("restate"),
                result.getBoolean("learning"),
                grants);
    }

    private static Object[] elements(ResultSet result, String column) throws SQLException {
        Array array = result.getArray(column);
        return array == null ? new Object[0] : (Object[]) array.getArray();
    }

    void close() {
        closed = true;
        end(current);
    }

    private static String read() {
        try (InputStream in = Ledger.class.getResourceAsStream("ledger.sql")) {
            if (in == null) {
                throw new IllegalStateException("ledger.sql is missing beside " + Ledger.class);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
