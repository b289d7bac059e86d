package io.genericpool.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Which settings of its session a lease has changed, and how to set them back. A setting that the holder has set back
 * himself is no change; one whose setter has failed is, as its value is not known.
 */
final class SessionChanges {
    static final int AUTO_COMMIT = 1;
    static final int READ_ONLY = 1 << 1;
    static final int ISOLATION = 1 << 2;
    static final int CATALOG = 1 << 3;
    static final int SCHEMA = 1 << 4;
    static final int HOLDABILITY = 1 << 5;
    static final int NETWORK_TIMEOUT = 1 << 6;
    static final int CLIENT_INFO = 1 << 7;
    static final int TYPE_MAP = 1 << 8;
    /** Whatever can be changed behind the view's back: the driver's connection was given out. */
    static final int UNKNOWN = 1 << 9;

    /** What a database may take for a part of the transaction, so that it would be undone by a later rollback. */
    private static final int TRANSACTIONAL = READ_ONLY | ISOLATION | CATALOG | SCHEMA | CLIENT_INFO;

    private final SessionState before;
    private int changed;
    private @Nullable Properties clientInfoBefore;
    private @Nullable Map<String, Class<?>> typeMapBefore;

    SessionChanges(SessionState before) {
        this.before = before;
    }

    boolean isEmpty() {
        return changed == 0;
    }

    boolean isAnythingUnknown() {
        return (changed & UNKNOWN) != 0;
    }

    /** About to be set. */
    void begin(int setting) {
        changed |= setting;
    }

    /** Set to a value. */
    void end(int setting, @Nullable Object value) {
        if (Objects.equals(value, valueBefore(setting))) {
            changed &= ~setting;
        }
    }

    /** About to be set; there is no value to compare with before the first change. */
    void beginClientInfo(Connection raw) throws SQLException {
        if ((changed & CLIENT_INFO) == 0) {
            Properties present = raw.getClientInfo();
            var copy = new Properties();
            if (present != null) {
                copy.putAll(present);
            }
            clientInfoBefore = copy;
            changed |= CLIENT_INFO;
        }
    }

    /** About to be set; there is no value to compare with before the first change. */
    void beginTypeMap(Connection raw) throws SQLException {
        if ((changed & TYPE_MAP) == 0) {
            Map<String, Class<?>> present = raw.getTypeMap();
            typeMapBefore = present == null ? Map.of() : Map.copyOf(present);
            changed |= TYPE_MAP;
        }
    }

    private @Nullable Object valueBefore(int setting) {
        return switch (setting) {
            case AUTO_COMMIT -> before.autoCommit();
            case READ_ONLY -> before.readOnly();
            case ISOLATION -> before.isolation();
            case CATALOG -> before.catalog();
            case SCHEMA -> before.schema();
            case HOLDABILITY -> before.holdability();
            case NETWORK_TIMEOUT -> before.networkTimeout();
            default -> throw new IllegalArgumentException("setting " + setting + " has no single value");
        };
    }

    /** Sets back what was changed. No transaction may be open. */
    void undo(Connection raw, Executor executor) throws SQLException {
        if (isAnythingUnknown()) {
            findChanges(raw);
        }
        if ((changed & TRANSACTIONAL) != 0 && !raw.getAutoCommit()) {
            raw.setAutoCommit(true);
            changed |= AUTO_COMMIT;
        }
        if (has(READ_ONLY)) {
            raw.setReadOnly(known(before.readOnly(), "read-only"));
        }
        if (has(ISOLATION)) {
            raw.setTransactionIsolation(known(before.isolation(), "isolation"));
        }
        if (has(CATALOG)) {
            raw.setCatalog(known(before.catalog(), "catalog"));
        }
        if (has(SCHEMA)) {
            raw.setSchema(known(before.schema(), "schema"));
        }
        if (has(HOLDABILITY)) {
            raw.setHoldability(known(before.holdability(), "holdability"));
        }
        if (has(CLIENT_INFO)) {
            raw.setClientInfo(known(clientInfoBefore, "client info"));
        }
        if (has(TYPE_MAP)) {
            raw.setTypeMap(known(typeMapBefore, "type map"));
        }
        if (has(AUTO_COMMIT)) {
            raw.setAutoCommit(before.autoCommit());
        }
        if (has(NETWORK_TIMEOUT)) {
            raw.setNetworkTimeout(executor, known(before.networkTimeout(), "network timeout"));
        }
    }

    private void findChanges(Connection raw) throws SQLException {
        SessionState now = SessionState.read(raw);
        find(AUTO_COMMIT, now.autoCommit());
        find(READ_ONLY, now.readOnly());
        find(ISOLATION, now.isolation());
        find(CATALOG, now.catalog());
        find(SCHEMA, now.schema());
        find(HOLDABILITY, now.holdability());
        find(NETWORK_TIMEOUT, now.networkTimeout());
    }

    private void find(int setting, @Nullable Object now) {
        if (!Objects.equals(now, valueBefore(setting))) {
            changed |= setting;
        }
    }

    private boolean has(int setting) {
        return (changed & setting) != 0;
    }

    private static <T> T known(@Nullable T value, String setting) throws SQLException {
        if (value == null) {
            throw new SQLException("the " + setting + " was changed, and the driver has not told what it was before");
        }
        return value;
    }
}
