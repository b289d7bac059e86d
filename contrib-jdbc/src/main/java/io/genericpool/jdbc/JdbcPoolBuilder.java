package io.genericpool.jdbc;

import io.genericpool.ConnectionPool;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Configures a {@link JdbcPool}: the knobs used most, and by {@link #pool} and {@link #connections} all the others. Each
 * value is checked by its setter; rules between them by {@link #build}. Builds one pool; not thread-safe.
 */
public final class JdbcPoolBuilder {
    private final JdbcConnectionManagerBuilder connections = JdbcConnectionManager.builder();
    private final List<Consumer<ConnectionPoolBuilder<String, Connection>>> poolKnobs = new ArrayList<>();
    private final Map<String, Integer> warmUps = new LinkedHashMap<>();

    JdbcPoolBuilder() {}

    Map<String, Integer> warmUps() {
        return warmUps;
    }

    /**
     * Adds a database.
     *
     * @param endpointName what it is called, in this pool and in logs and errors; not empty
     * @param endpoint where and how to connect
     * @return this
     * @throws IllegalArgumentException when the name is empty or taken
     */
    public JdbcPoolBuilder endpoint(String endpointName, JdbcEndpoint endpoint) {
        connections.endpoint(endpointName, endpoint);
        return this;
    }

    /**
     * Adds a database by its URL alone.
     *
     * @param endpointName what it is called; not empty
     * @param url begins with {@code jdbc:}
     * @return this
     * @throws IllegalArgumentException when the name is empty or taken, or the URL is none
     */
    public JdbcPoolBuilder endpoint(String endpointName, String url) {
        return endpoint(endpointName, JdbcEndpoint.url(url));
    }

    /**
     * Adds a database by a {@code DataSource} that is no pool itself.
     *
     * @param endpointName what it is called; not empty
     * @param source opens a new connection at each call
     * @return this
     * @throws IllegalArgumentException when the name is empty or taken
     */
    public JdbcPoolBuilder endpoint(String endpointName, DataSource source) {
        return endpoint(endpointName, JdbcEndpoint.dataSource(source));
    }

    /**
     * Sets how many connections an endpoint may have.
     *
     * @param value 1 or more; 10 unless set
     * @return this
     */
    public JdbcPoolBuilder maxSize(int value) {
        return pool(pool -> pool.maxSize(value));
    }

    /**
     * Sets how many connections there may be in all.
     *
     * @param value 1 or more; 100 unless set
     * @return this
     */
    public JdbcPoolBuilder totalMaxSize(int value) {
        return pool(pool -> pool.totalMaxSize(value));
    }

    /**
     * Sets how many connections are held for each endpoint.
     *
     * @param value 0 or more; 0 unless set
     * @return this
     */
    public JdbcPoolBuilder minIdle(int value) {
        return pool(pool -> pool.minIdle(value));
    }

    /**
     * Sets the deadline of an acquire: queue, connect and check together.
     *
     * @param value zero or more; 30 s unless set
     * @return this
     */
    public JdbcPoolBuilder acquireTimeout(Duration value) {
        return pool(pool -> pool.acquireTimeout(value));
    }

    /**
     * Sets how long a connect may take, with the statements a connection begins with.
     *
     * @param value more than zero; 10 s unless set
     * @return this
     */
    public JdbcPoolBuilder connectTimeout(Duration value) {
        return pool(pool -> pool.connectTimeout(value));
    }

    /**
     * Sets after what time an idle connection beyond minIdle is closed.
     *
     * @param value more than zero; 60 s unless set
     * @return this
     */
    public JdbcPoolBuilder idleTimeout(Duration value) {
        return pool(pool -> pool.idleTimeout(value));
    }

    /**
     * Sets the age at which a connection is no longer handed out; choose less than what the database or a proxy allows.
     *
     * @param value more than zero; 1 h unless set
     * @return this
     */
    public JdbcPoolBuilder maxLifetime(Duration value) {
        return pool(pool -> pool.maxLifetime(value));
    }

    /**
     * Sets after what time without use an idle connection is checked in the background.
     *
     * @param value more than zero; off unless set
     * @return this
     */
    public JdbcPoolBuilder keepaliveInterval(Duration value) {
        return pool(pool -> pool.keepaliveInterval(value));
    }

    /**
     * Names the pool and its threads.
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
     * @param count how many for each; 0 or more
     * @param endpointNames to which databases
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
     * Sets any knob of the connections.
     *
     * @param knobs is given their builder, at once
     * @return this
     */
    public JdbcPoolBuilder connections(Consumer<JdbcConnectionManagerBuilder> knobs) {
        knobs.accept(connections);
        return this;
    }

    /**
     * Sets any knob of the pool.
     *
     * @param knobs is given its builder, when the pool is built
     * @return this
     */
    public JdbcPoolBuilder pool(Consumer<ConnectionPoolBuilder<String, Connection>> knobs) {
        poolKnobs.add(Objects.requireNonNull(knobs, "pool"));
        return this;
    }

    /**
     * Makes the pool and begins its warm-up.
     *
     * @return the pool, to be closed after use
     * @throws IllegalArgumentException when there is no endpoint, a warm-up names one that is not configured, a value of
     *     the pool is out of bounds, or values contradict each other
     */
    public JdbcPool build() {
        JdbcConnectionManager manager = connections.build();
        try {
            warmUps.keySet().forEach(manager::endpoint);
            ConnectionPoolBuilder<String, Connection> pool = ConnectionPools.builder(manager);
            poolKnobs.forEach(knob -> knob.accept(pool));
            ConnectionPool<String, Connection> built = pool.build();
            return new JdbcPool(built, manager, this);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }
}
