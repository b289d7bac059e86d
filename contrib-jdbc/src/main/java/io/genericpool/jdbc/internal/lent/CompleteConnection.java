package io.genericpool.jdbc.internal.lent;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.ShardingKey;
import org.apache.commons.dbcp2.DelegatingConnection;

/**
 * DBCP's delegating connection with the methods that JDBC has got since. They have bodies in the interface, so that the
 * compiler does not ask for them; a driver's own would not be reached.
 */
abstract class CompleteConnection extends DelegatingConnection<Connection> {
    /** The driver's. */
    final Connection raw;

    CompleteConnection(Connection raw) {
        super(raw);
        this.raw = raw;
    }

    /** Passes a call on to the driver. */
    interface Call {
        void make() throws SQLException;
    }

    /** Makes a call that returns nothing, as every other one is made. */
    final void passOn(Call call) throws SQLException {
        checkOpen();
        try {
            call.make();
        } catch (SQLException e) {
            handleException(e);
        }
    }

    @Override
    public void beginRequest() throws SQLException {
        passOn(raw::beginRequest);
    }

    @Override
    public void endRequest() throws SQLException {
        passOn(raw::endRequest);
    }

    @Override
    public void setShardingKey(ShardingKey key) throws SQLException {
        passOn(() -> raw.setShardingKey(key));
    }

    @Override
    public void setShardingKey(ShardingKey key, ShardingKey superKey) throws SQLException {
        passOn(() -> raw.setShardingKey(key, superKey));
    }

    @Override
    public boolean setShardingKeyIfValid(ShardingKey key, int timeout) throws SQLException {
        checkOpen();
        return raw.setShardingKeyIfValid(key, timeout);
    }

    @Override
    public boolean setShardingKeyIfValid(ShardingKey key, ShardingKey superKey, int timeout) throws SQLException {
        checkOpen();
        return raw.setShardingKeyIfValid(key, superKey, timeout);
    }
}
