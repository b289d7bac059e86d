package io.genericpool.jdbc;

import io.genericpool.jdbc.internal.driver.ConnectBound;
import io.genericpool.jdbc.internal.driver.Drivers;
import io.genericpool.jdbc.internal.driver.JdbcUrls;
import io.genericpool.jdbc.internal.driver.OpenedConnection;
import io.genericpool.jdbc.internal.driver.Secrets;
import io.genericpool.jdbc.internal.driver.SqlStates;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The target of connections and their initial settings. The target is a JDBC URL with properties, or a
 * {@link DataSource}. Immutable: each method returns a copy.
 *
 * <p>An endpoint receives its name where it is configured. Logs and errors contain that name, never the URL. Passwords
 * in a driver's own messages are masked.
 *
 * <pre>{@code
 * JdbcEndpoint.url("jdbc:postgresql://db.example.com/shop")
 *         .credentials(() -> Credentials.of("shop", vault.password()))
 *         .property("ApplicationName", "shop")
 *         .initSql("set statement_timeout to '30s'");
 * }</pre>
 */
public final class JdbcEndpoint {
    private final @Nullable String url;
    private final @Nullable DataSource dataSource;
    private Map<String, String> properties = Map.of();
    private @Nullable Supplier<Credentials> credentials;
    private List<String> initSql = List.of();
    private @Nullable List<String> watchedHosts;

    @Nullable
    Boolean autoCommit;

    @Nullable
    Boolean readOnly;

    @Nullable
    Integer isolation;

    @Nullable
    String catalog;

    @Nullable
    String schema;

    @Nullable
    DatabaseRole role;

    private JdbcEndpoint(@Nullable String url, @Nullable DataSource dataSource) {
        this.url = url;
        this.dataSource = dataSource;
    }

    private JdbcEndpoint copy() {
        var copy = new JdbcEndpoint(url, dataSource);
        copy.properties = properties;
        copy.credentials = credentials;
        copy.initSql = initSql;
        copy.watchedHosts = watchedHosts;
        copy.autoCommit = autoCommit;
        copy.readOnly = readOnly;
        copy.isolation = isolation;
        copy.catalog = catalog;
        copy.schema = schema;
        copy.role = role;
        return copy;
    }

    /**
     * Connects by a URL. The driver must be visible to the thread that builds the manager or pool, or must have been
     * registered with {@link DriverManager} since.
     *
     * <p>Drivers of PostgreSQL, MySQL, MariaDB, Oracle and SQL Server receive the pool's {@code connectTimeout} by
     * their own properties, unless the URL or a property sets another limit. An attempt to connect to a silent server
     * then ends, together with its thread and its socket.
     *
     * @param url a URL that begins with {@code jdbc:}
     * @return the endpoint
     * @throws IllegalArgumentException when the URL begins differently
     */
    public static JdbcEndpoint url(String url) {
        if (!url.startsWith(JdbcUrls.SCHEME)) {
            throw new IllegalArgumentException("url must begin with \"jdbc:\", but does not"); // it may hold a secret
        }
        return new JdbcEndpoint(url, null);
    }

    /**
     * Connects by a {@code DataSource}, which must not be a pool itself. If it has no login timeout, it receives the
     * pool's {@code connectTimeout} in whole seconds. PostgreSQL's {@code DataSource} is excepted, because it would
     * leave threads behind.
     *
     * @param source opens a new connection at each call, with the credentials if there are any
     * @return the endpoint
     */
    public static JdbcEndpoint dataSource(DataSource source) {
        return new JdbcEndpoint(null, Objects.requireNonNull(source, "dataSource"));
    }

    /**
     * Sets a property for the driver.
     *
     * @param name its name
     * @param value its value
     * @return a copy
     * @throws IllegalStateException when the endpoint is a {@code DataSource}, which holds its properties itself
     */
    public JdbcEndpoint property(String name, String value) {
        if (url == null) {
            throw new IllegalStateException("property " + name + " can be set for a URL only, not for a DataSource");
        }
        var more = new LinkedHashMap<>(properties);
        more.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        JdbcEndpoint copy = copy();
        copy.properties = Map.copyOf(more);
        return copy;
    }

    /**
     * Sets the source of the login credentials. It is called at each connection attempt, so the next attempt uses a new
     * password or token. The call counts towards the timeout of the attempt and may wait. An exception from it fails
     * the attempt.
     *
     * @param source returns the credentials, not null
     * @return a copy
     */
    public JdbcEndpoint credentials(Supplier<Credentials> source) {
        JdbcEndpoint copy = copy();
        copy.credentials = Objects.requireNonNull(source, "credentials");
        return copy;
    }

    /**
     * Sets the login credentials.
     *
     * @param user the user's name
     * @param password the password, may be empty
     * @return a copy
     */
    public JdbcEndpoint credentials(String user, String password) {
        Credentials fixed = Credentials.of(user, password);
        return credentials(() -> fixed);
    }

    /**
     * Sets the SQL statements that run on each new connection, in order, before its first lease.
     *
     * @param statements SQL statements
     * @return a copy
     */
    public JdbcEndpoint initSql(String... statements) {
        JdbcEndpoint copy = copy();
        copy.initSql = List.of(statements);
        return copy;
    }

    /**
     * Sets whether each lease starts in autocommit mode.
     *
     * @param value true for autocommit; the driver's own default, which is true, unless set
     * @return a copy
     */
    public JdbcEndpoint autoCommit(boolean value) {
        JdbcEndpoint copy = copy();
        copy.autoCommit = value;
        return copy;
    }

    /**
     * Sets whether each lease starts read-only.
     *
     * @param value true for read-only; the driver's own default unless set
     * @return a copy
     */
    public JdbcEndpoint readOnly(boolean value) {
        JdbcEndpoint copy = copy();
        copy.readOnly = value;
        return copy;
    }

    /**
     * Sets the transaction isolation with which each lease starts.
     *
     * @param level one of the constants of {@link Connection}; the driver's own default unless set
     * @return a copy
     * @throws IllegalArgumentException when the level is none of them
     */
    public JdbcEndpoint isolation(int level) {
        switch (level) {
            case Connection.TRANSACTION_READ_UNCOMMITTED,
                    Connection.TRANSACTION_READ_COMMITTED,
                    Connection.TRANSACTION_REPEATABLE_READ,
                    Connection.TRANSACTION_SERIALIZABLE -> {}
            default ->
                throw new IllegalArgumentException(
                        "isolation must be one of the levels 1, 2, 4, 8 of java.sql.Connection, but is " + level);
        }
        JdbcEndpoint copy = copy();
        copy.isolation = level;
        return copy;
    }

    /**
     * Sets the catalog with which each lease starts.
     *
     * @param value its name; the driver's own default unless set
     * @return a copy
     */
    public JdbcEndpoint catalog(String value) {
        JdbcEndpoint copy = copy();
        copy.catalog = Objects.requireNonNull(value, "catalog");
        return copy;
    }

    /**
     * Sets the schema with which each lease starts.
     *
     * @param value its name; the driver's own default unless set
     * @return a copy
     */
    public JdbcEndpoint schema(String value) {
        JdbcEndpoint copy = copy();
        copy.schema = Objects.requireNonNull(value, "schema");
        return copy;
    }

    /**
     * Sets the role that the database must have. The manager asks the database after each connection attempt and at each
     * aliveness check. A database with another role fails the attempt or the check, and all other connections of the
     * endpoint are checked before their next lease. A {@link JdbcPool} then makes no further attempt for {@link JdbcPoolBuilder#wrongRolePause}.
     *
     * <p>When the role is {@link DatabaseRole#WRITER} and a statement fails with SQLState 25006 or another one that means read-only, its connection
     * leaves the pool, and all others are checked before their next lease. A holder that has called
     * {@code setReadOnly(true)}, or an endpoint with {@link #readOnly}, causes that failure itself, which has no such
     * effect. The driver is not asked for it.
     *
     * <p>PostgreSQL, MySQL and MariaDB are asked. A standby of PostgreSQL is a reader, and so is a server with
     * {@code default_transaction_read_only}. A server of MySQL or MariaDB with {@code read_only} or
     * {@code innodb_read_only} is a reader. Other databases are not asked, and have every role. To use one database in two roles, configure two endpoints.
     *
     * @param value the role; any role unless set here or by a group
     * @return a copy
     */
    public JdbcEndpoint role(DatabaseRole value) {
        JdbcEndpoint copy = copy();
        copy.role = Objects.requireNonNull(value, "role");
        return copy;
    }

    /**
     * Sets the hosts that a pool with {@code addressWatch} looks up for this database. They replace those of the URL.
     * Set them for a {@code DataSource}, and for a URL that names its hosts elsewhere, such as in a service file.
     *
     * @param hosts names of hosts, without ports; none to watch nothing
     * @return a copy
     */
    public JdbcEndpoint watchedHosts(String... hosts) {
        JdbcEndpoint copy = copy();
        copy.watchedHosts = List.of(hosts);
        return copy;
    }

    /** The hosts whose addresses may change. */
    List<String> hosts() {
        if (watchedHosts != null) {
            return watchedHosts;
        }
        return url == null ? List.of() : JdbcUrls.hosts(url);
    }

    List<String> initSql() {
        return initSql;
    }

    @Nullable
    DataSource dataSource() {
        return dataSource;
    }

    boolean isByUrl() {
        return url != null;
    }

    /** Who logs in at this connect; null where the URL, the properties or the {@code DataSource} say so. */
    @Nullable
    Credentials login() {
        return credentials == null
                ? null
                : Objects.requireNonNull(credentials.get(), "the credentials' source returned null");
    }

    /** What must not be repeated, as far as it is known without a login. */
    Secrets secrets() {
        return Secrets.of(url, properties);
    }

    /** Connects, for as long as the driver takes; which is told the timeout where it has a bound of its own. */
    OpenedConnection open(@Nullable Credentials login, Drivers drivers, Duration timeout) throws SQLException {
        return dataSource == null ? openByUrl(login, drivers, timeout) : openBySource(dataSource, login, timeout);
    }

    private static OpenedConnection openBySource(DataSource source, @Nullable Credentials login, Duration timeout)
            throws SQLException {
        ConnectBound.setLoginTimeout(source, timeout);
        Connection opened =
                login == null ? source.getConnection() : source.getConnection(login.user(), login.password());
        if (opened == null) {
            throw new SQLException("the DataSource returned null instead of a connection", SqlStates.NO_CONNECT);
        }
        return new OpenedConnection(opened, false);
    }

    private OpenedConnection openByUrl(@Nullable Credentials login, Drivers drivers, Duration timeout)
            throws SQLException {
        String target = Objects.requireNonNull(url);
        var given = new Properties();
        properties.forEach(given::setProperty);
        if (login != null) {
            given.setProperty("user", login.user());
            given.setProperty("password", login.password());
        }
        boolean staysBounded = ConnectBound.addTo(given, target, timeout);
        return new OpenedConnection(drivers.connect(target, given), staysBounded);
    }

    /** Returns a text without the URL, which may hold a secret. */
    @Override
    public String toString() {
        return "JdbcEndpoint(" + (url == null ? "DataSource" : JdbcUrls.vendor(url)) + ")";
    }
}
