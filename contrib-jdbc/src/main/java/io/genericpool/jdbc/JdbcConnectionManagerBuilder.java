package io.genericpool.jdbc;

import io.genericpool.support.PoolThreads;
import io.genericpool.support.SafeText;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Configures a {@link JdbcConnectionManager}. Each value is checked by its setter; the message of the
 * {@link IllegalArgumentException} names it. Not thread-safe; may build several managers.
 */
public final class JdbcConnectionManagerBuilder {
    final Map<String, JdbcEndpoint> endpoints = new LinkedHashMap<>();
    String name = "jdbc";
    boolean virtualThreads = PoolThreads.HAS_UNPINNED_VIRTUAL;
    Predicate<? super SQLException> isGone = SqlStates::isConnectionGone;
    boolean resetsOnClose;

    JdbcConnectionManagerBuilder() {}

    /**
     * Adds an endpoint.
     *
     * @param endpointName what it is called, in this pool and in logs and errors; not empty
     * @param endpoint where and how to connect
     * @return this
     * @throws IllegalArgumentException when the name is empty or taken
     */
    public JdbcConnectionManagerBuilder endpoint(String endpointName, JdbcEndpoint endpoint) {
        if (endpointName.isBlank()) {
            throw new IllegalArgumentException("endpoint must have a name, but it is empty");
        }
        if (endpoints.putIfAbsent(endpointName, Objects.requireNonNull(endpoint, "endpoint")) != null) {
            throw new IllegalArgumentException(
                    "endpoint " + SafeText.label(endpointName) + " must be configured once, but is twice");
        }
        return this;
    }

    /**
     * Sets which exceptions mean that a connection is gone, in place of
     * {@link JdbcConnectionManager#isConnectionGone}, which can be a part of it. Asked on the holder's thread. One that
     * throws counts as true.
     *
     * @param test true for those
     * @return this
     */
    public JdbcConnectionManagerBuilder goneWhen(Predicate<? super SQLException> test) {
        isGone = Objects.requireNonNull(test, "goneWhen");
        return this;
    }

    /**
     * Sets whether closing the connection of a {@code DataSource} waits until what its holder left behind is undone, as
     * other pools do: then what was not committed is rolled back, and its locks are gone, when the close returns, and one
     * thread after the other gets by with one connection. Otherwise a close never waits, and whoever comes next may be
     * given another connection meanwhile.
     *
     * @param value true to wait; false unless set
     * @return this
     */
    public JdbcConnectionManagerBuilder resetOnClose(boolean value) {
        resetsOnClose = value;
        return this;
    }

    /**
     * Sets whether resets run on virtual threads. Connects run on the pool's connect executor.
     *
     * @param value true for virtual ones, which is the default on JDK 24 and later
     * @return this
     * @throws IllegalArgumentException when the JVM has none
     */
    public JdbcConnectionManagerBuilder virtualThreads(boolean value) {
        if (value && Runtime.version().feature() < 21) {
            throw new IllegalArgumentException(
                    "virtualThreads must be false before Java 21, but is true on " + Runtime.version());
        }
        virtualThreads = value;
        return this;
    }

    /**
     * Names the manager and its threads.
     *
     * @param value the name; {@code jdbc} unless set
     * @return this
     */
    public JdbcConnectionManagerBuilder name(String value) {
        name = Objects.requireNonNull(value, "name");
        return this;
    }

    /**
     * Makes a manager.
     *
     * @return the manager, to be closed after use
     * @throws IllegalArgumentException when there is no endpoint
     */
    public JdbcConnectionManager build() {
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("endpoint must be called at least once, but was not");
        }
        return new JdbcConnectionManager(this);
    }
}
