package io.genericpool.jdbc;

import io.genericpool.ConnectionPool;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.group.Routing;
import io.genericpool.support.Nanos;
import io.genericpool.support.SafeText;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link JdbcPool}. It has the settings used most; {@link #pool} and {@link #connections} give access to all
 * others. Each setter checks its value, and {@link #build} checks the rules between them. Builds one pool. Not
 * thread-safe.
 */
public final class JdbcPoolBuilder {
    private final JdbcConnectionManagerBuilder connections = JdbcConnectionManager.builder();
    private final List<Consumer<ConnectionPoolBuilder<String, Connection>>> poolKnobs = new ArrayList<>();
    private final Map<String, Integer> warmUps = new LinkedHashMap<>();
    private final Map<String, Group> groups = new LinkedHashMap<>();
    private Duration wrongRolePause = Duration.ofSeconds(10);

    JdbcPoolBuilder() {}

    /**
     * A group to create.
     *
     * @param role null when its members may have any role
     */
    record Group(@Nullable DatabaseRole role, Routing<? super String> routing, List<String> members) {}

    Map<String, Group> groups() {
        return groups;
    }

    Map<String, Integer> warmUps() {
        return warmUps;
    }

    /**
     * Adds a database.
     *
     * @param endpointName the name in this pool, in logs and in errors; not empty
     * @param endpoint the target and the settings of connections
     * @return this
     * @throws IllegalArgumentException when the name is empty or taken
     */
    public JdbcPoolBuilder endpoint(String endpointName, JdbcEndpoint endpoint) {
        connections.endpoint(endpointName, endpoint);
        return this;
    }

    /**
     * Adds a database by its URL.
     *
     * @param endpointName the name; not empty
     * @param url a URL that begins with {@code jdbc:}
     * @return this
     * @throws IllegalArgumentException when the name is empty or taken, or the URL begins differently
     */
    public JdbcPoolBuilder endpoint(String endpointName, String url) {
        return endpoint(endpointName, JdbcEndpoint.url(url));
    }

    /**
     * Adds a database by a {@code DataSource}, which must not be a pool itself.
     *
     * @param endpointName the name; not empty
     * @param source opens a new connection at each call
     * @return this
     * @throws IllegalArgumentException when the name is empty or taken
     */
    public JdbcPoolBuilder endpoint(String endpointName, DataSource source) {
        return endpoint(endpointName, JdbcEndpoint.dataSource(source));
    }

    /**
     * Sets where databases come from whose names are not known at the start, as
     * {@link JdbcConnectionManagerBuilder#endpoints} does.
     *
     * @param finder returns the database of a name, or null when there is none
     * @return this
     */
    public JdbcPoolBuilder endpoints(Function<? super String, ? extends @Nullable JdbcEndpoint> finder) {
        connections.endpoints(finder);
        return this;
    }

    /**
     * Adds a group of databases, any of which can serve a request: {@link JdbcPool#group} and
     * {@link JdbcPool#dataSource(String)} with its name.
     *
     * @param groupName the name in this pool, in logs and in errors; not the name of an endpoint
     * @param routing which member should serve a request
     * @param endpointNames the names of the members in their declared order; at least one, none twice
     * @return this
     * @throws IllegalArgumentException when the name is blank or taken by another group
     */
    public JdbcPoolBuilder group(String groupName, Routing<? super String> routing, String... endpointNames) {
        return addGroup(groupName, new Group(null, routing, List.of(endpointNames)));
    }

    /**
     * Adds a group whose members must have a role, as {@link JdbcEndpoint#role} says it for one endpoint. A member in
     * another role serves no request until it has this role.
     *
     * @param groupName the name in this pool, in logs and in errors; not the name of an endpoint
     * @param role the role of all members
     * @param routing which member should serve a request
     * @param endpointNames the names of the members in their declared order; at least one, none twice
     * @return this
     * @throws IllegalArgumentException when the name is blank or taken by another group
     */
    public JdbcPoolBuilder group(
            String groupName, DatabaseRole role, Routing<? super String> routing, String... endpointNames) {
        return addGroup(groupName, new Group(Objects.requireNonNull(role, "role"), routing, List.of(endpointNames)));
    }

    private JdbcPoolBuilder addGroup(String groupName, Group group) {
        Objects.requireNonNull(group.routing, "routing");
        if (groupName.isBlank()) {
            throw new IllegalArgumentException("group must have a name, but it is empty");
        }
        if (groups.putIfAbsent(groupName, group) != null) {
            throw new IllegalArgumentException(
                    "group " + SafeText.label(groupName) + " must be configured once, but is configured twice");
        }
        return this;
    }

    /**
     * Sets how long no connection attempt is made to a database that was found in another role than
     * {@link JdbcEndpoint#role} or its group requires. Meanwhile, requests to this database fail fast, and groups use their
     * other members. It has no effect when {@link #pool} sets a governor of connection attempts.
     *
     * @param value more than zero; 10 s unless set
     * @return this
     * @throws IllegalArgumentException when the value is zero or negative
     */
    public JdbcPoolBuilder wrongRolePause(Duration value) {
        long unused = Nanos.ofPositive("wrongRolePause", value);
        wrongRolePause = value;
        return this;
    }

    /**
     * Sets the maximum number of connections per endpoint.
     *
     * @param value 1 or more; 10 unless set
     * @return this
     */
    public JdbcPoolBuilder maxSize(int value) {
        return pool(pool -> pool.maxSize(value));
    }

    /**
     * Sets the maximum number of connections of all endpoints together.
     *
     * @param value 1 or more; 100 unless set
     * @return this
     */
    public JdbcPoolBuilder totalMaxSize(int value) {
        return pool(pool -> pool.totalMaxSize(value));
    }

    /**
     * Sets the number of connections to hold per endpoint.
     *
     * @param value 0 or more; 0 unless set
     * @return this
     */
    public JdbcPoolBuilder minIdle(int value) {
        return pool(pool -> pool.minIdle(value));
    }

    /**
     * Sets the timeout of an acquire. It covers queue, connection attempt and check together.
     *
     * @param value zero or more; 30 s unless set
     * @return this
     */
    public JdbcPoolBuilder acquireTimeout(Duration value) {
        return pool(pool -> pool.acquireTimeout(value));
    }

    /**
     * Sets the timeout of a connection attempt. It includes the statements that set up the connection.
     *
     * @param value more than zero; 10 s unless set
     * @return this
     */
    public JdbcPoolBuilder connectTimeout(Duration value) {
        return pool(pool -> pool.connectTimeout(value));
    }

    /**
     * Sets the time after which an idle connection beyond minIdle is closed.
     *
     * @param value more than zero; 60 s unless set
     * @return this
     */
    public JdbcPoolBuilder idleTimeout(Duration value) {
        return pool(pool -> pool.idleTimeout(value));
    }

    /**
     * Sets the age at which a connection is no longer reused. Choose less than the limit of the database or a proxy.
     *
     * @param value more than zero; 1 h unless set
     * @return this
     */
    public JdbcPoolBuilder maxLifetime(Duration value) {
        return pool(pool -> pool.maxLifetime(value));
    }

    /**
     * Sets the time without use after which an idle connection is checked in the background.
     *
     * @param value more than zero; off unless set
     * @return this
     */
    public JdbcPoolBuilder keepaliveInterval(Duration value) {
        return pool(pool -> pool.keepaliveInterval(value));
    }

    /**
     * Sets the interval at which the addresses of the databases' hosts are looked up anew. When those of a database have
     * changed, its connections leave the pool, as after {@link JdbcPool#evict}.
     *
     * @param value 1 s or more; off unless set
     * @return this
     */
    public JdbcPoolBuilder addressWatch(Duration value) {
        return pool(pool -> pool.addressWatch(value));
    }

    /**
     * Sets the name of the pool and its threads.
     *
     * @param value the name
     * @return this
     */
    public JdbcPoolBuilder name(String value) {
        connections.name(value);
        return pool(pool -> pool.name(value));
    }

    /**
     * Opens connections as soon as the pool is built.
     *
     * @param count the number of connections per database; 0 or more
     * @param endpointNames the names of the databases
     * @return this
     * @throws IllegalArgumentException when the number is negative
     */
    public JdbcPoolBuilder warmUp(int count, String... endpointNames) {
        if (count < 0) {
            throw new IllegalArgumentException("warmUp must be at least 0, but is " + count);
        }
        for (String endpointName : endpointNames) {
            warmUps.put(endpointName, count);
        }
        return this;
    }

    /**
     * Changes any setting of the connections.
     *
     * @param knobs receives the builder of the manager, at once
     * @return this
     */
    public JdbcPoolBuilder connections(Consumer<JdbcConnectionManagerBuilder> knobs) {
        knobs.accept(connections);
        return this;
    }

    /**
     * Changes any setting of the pool.
     *
     * @param knobs receives the builder of the pool, when the pool is built
     * @return this
     */
    public JdbcPoolBuilder pool(Consumer<ConnectionPoolBuilder<String, Connection>> knobs) {
        poolKnobs.add(Objects.requireNonNull(knobs, "pool"));
        return this;
    }

    /**
     * Builds the pool and starts its warm-up.
     *
     * @return the pool, to be closed after use
     * @throws IllegalArgumentException when there is no endpoint, when a warm-up or a group names an unknown
     *     endpoint, when a group has the name of an endpoint, when groups require different roles of one endpoint, when a
     *     value of the pool is out of bounds, or when values contradict each other
     */
    public JdbcPool build() {
        JdbcConnectionManager manager = connections.build();
        ConnectionPool<String, Connection> built = null;
        try {
            warmUps.keySet().forEach(manager::endpoint);
            groups.keySet().forEach(manager::checkGroupName);
            ConnectionPoolBuilder<String, Connection> pool =
                    ConnectionPools.builder(manager).connectGovernor(circuit());
            poolKnobs.forEach(knob -> knob.accept(pool));
            built = pool.build();
            return new JdbcPool(built, manager, this);
        } catch (RuntimeException e) {
            if (built != null) {
                built.close();
            }
            manager.close();
            throw e;
        }
    }

    /** The pool's own, but that a database in another role is left alone for a while at once. */
    @SuppressWarnings(
            "NullAway") // it does not read that a reader may return null from the class file of another module
    private CircuitGovernor circuit() {
        Duration pause = wrongRolePause;
        Function<Throwable, @Nullable Duration> pauseOf =
                failure -> failure instanceof DatabaseRoleException ? pause : null;
        return CircuitGovernor.builder()
                .failFastOn(failure -> failure instanceof DatabaseRoleException)
                .retryAfter(pauseOf)
                .maxRetryAfter(pause)
                .build();
    }
}
