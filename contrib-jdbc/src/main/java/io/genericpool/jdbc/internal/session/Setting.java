package io.genericpool.jdbc.internal.session;

import java.sql.Connection;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A setting of a session that JDBC can read and set. They are set back in this order. */
@SuppressWarnings({"ImmutableEnumChecker", "EnumOrdinal"}) // constants hold method references; a bit per constant
public enum Setting {
    READ_ONLY("read-only mode", true, Connection::isReadOnly, (raw, value) -> raw.setReadOnly((Boolean) value)),
    ISOLATION(
            "isolation",
            true,
            Connection::getTransactionIsolation,
            (raw, value) -> raw.setTransactionIsolation((Integer) value)),
    CATALOG("catalog", true, Connection::getCatalog, (raw, value) -> raw.setCatalog((String) value)),
    SCHEMA("schema", true, Connection::getSchema, (raw, value) -> raw.setSchema((String) value)),
    HOLDABILITY("holdability", false, Connection::getHoldability, (raw, value) -> raw.setHoldability((Integer) value)),
    CLIENT_INFO(
            "client info",
            true,
            raw -> copyOf(raw.getClientInfo()),
            (raw, value) -> setClientInfo(raw, (Properties) value)),
    @SuppressWarnings("unchecked")
    TYPE_MAP(
            "type map",
            false,
            raw -> copyOf(raw.getTypeMap()),
            (raw, value) -> raw.setTypeMap((Map<String, Class<?>>) value)),
    /** JDBC can set it and not read it. */
    SHARDING_KEY("sharding key", true, Setting::unreadable, (raw, value) -> unreadable(raw)),
    AUTO_COMMIT("autocommit", false, Connection::getAutoCommit, (raw, value) -> raw.setAutoCommit((Boolean) value)),
    NETWORK_TIMEOUT(
            "network timeout",
            false,
            Connection::getNetworkTimeout,
            // Some drivers run the setter on the executor: on this thread, or it would be in force at some later time.
            (raw, value) -> raw.setNetworkTimeout(Runnable::run, (Integer) value));

    /** In the place of a value that the driver does not tell. A value that it tells may be null. */
    public static final Object NOT_TOLD = new Object();

    private interface Getter {
        @Nullable
        Object get(Connection raw) throws SQLException;
    }

    private interface Setter {
        void set(Connection raw, Object value) throws SQLException;
    }

    private final String text;
    private final boolean transactional;
    private final Getter getter;
    private final Setter setter;

    Setting(String text, boolean transactional, Getter getter, Setter setter) {
        this.text = text;
        this.transactional = transactional;
        this.getter = getter;
        this.setter = setter;
    }

    public int bit() {
        return 1 << ordinal();
    }

    /** Whether a database may take it for a part of the transaction, so that a later rollback would undo it. */
    public boolean isTransactional() {
        return transactional;
    }

    /** Whether it is read when it is about to be changed, and not when the connection is new: few ever change it. */
    public boolean isReadLate() {
        return this == CLIENT_INFO || this == TYPE_MAP || this == SHARDING_KEY;
    }

    /**
     * What it is now, or {@link #NOT_TOLD} when the getter fails: it is optional in practice, and drivers say "not supported"
     * in many ways. A failure that ends the connection is thrown.
     */
    @Nullable
    public Object read(Connection raw, Predicate<? super SQLException> isGone) throws SQLException {
        try {
            return getter.get(raw);
        } catch (SQLException e) {
            if (isGone.test(e)) {
                throw e;
            }
            return NOT_TOLD;
        } catch (RuntimeException | LinkageError e) {
            return NOT_TOLD; // drivers older than a method of JDBC do not have it at all
        }
    }

    public void set(Connection raw, Object value) throws SQLException {
        setter.set(raw, value);
    }

    private static Properties copyOf(@Nullable Properties present) {
        var copy = new Properties();
        if (present != null) {
            present.stringPropertyNames().forEach(name -> copy.setProperty(name, present.getProperty(name)));
        }
        return copy;
    }

    /** Some drivers only add to what is there, and some of these do not take null: there an empty text has to do. */
    private static void setClientInfo(Connection raw, Properties value) throws SQLException {
        raw.setClientInfo(value);
        for (@Nullable String nothing : new @Nullable String[] {null, ""}) {
            for (String name : added(raw, value)) {
                tryClientInfo(raw, name, nothing);
            }
        }
        if (!added(raw, value).isEmpty()) {
            throw new SQLException("the client info was changed, and the driver does not set it back");
        }
    }

    private static void tryClientInfo(Connection raw, String name, @Nullable String value) {
        try {
            raw.setClientInfo(name, value);
        } catch (SQLClientInfoException | RuntimeException e) {
            // What is there afterwards decides.
        }
    }

    /** What the session has beyond the given. */
    private static List<String> added(Connection raw, Properties value) throws SQLException {
        Properties now = copyOf(raw.getClientInfo());
        return now.stringPropertyNames().stream()
                .filter(name -> !now.getProperty(name).isEmpty() && value.getProperty(name) == null)
                .toList();
    }

    private static Map<String, Class<?>> copyOf(@Nullable Map<String, Class<?>> present) {
        return present == null ? Map.of() : Map.copyOf(present);
    }

    private static Object unreadable(Connection raw) throws SQLException {
        throw new SQLFeatureNotSupportedException("a sharding key cannot be read");
    }

    @Override
    public String toString() {
        return text;
    }
}
