package io.genericpool.jdbc;

import io.genericpool.jdbc.internal.driver.SqlStates;
import io.genericpool.spi.HostResolver;
import io.genericpool.support.PoolThreads;
import io.genericpool.support.SafeText;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link JdbcConnectionManager}. Each setter checks its value, and the message of the
 * {@link IllegalArgumentException} names it. Not thread-safe. One builder may build several managers.
 */
public final class JdbcConnectionManagerBuilder {
    final Map<String, JdbcEndpoint> endpoints = new LinkedHashMap<>();
    /** Null when all names are known. */
    @Nullable
    Function<? super String, ? extends @Nullable JdbcEndpoint> finder;

    String name = "jdbc";
    boolean virtualThreads = PoolThreads.HAS_UNPINNED_VIRTUAL;
    Predicate<? super SQLException> isGone = SqlStates::isConnectionGone;
    boolean resetsOnClose;
    HostResolver resolver = HostResolver.SYSTEM;

    JdbcConnectionManagerBuilder() {}

    /**
     * Adds an endpoint.
     *
     * @param endpointName the name in this pool, in logs and in errors; not empty
     * @param endpoint the target and the settings of connections
     * @return this
     * @throws IllegalArgumentException when the name is empty or taken
     */
    public JdbcConnectionManagerBuilder endpoint(String endpointName, JdbcEndpoint endpoint) {
        if (endpointName.isBlank()) {
            throw new IllegalArgumentException("endpoint must have a name, but it is empty");
        }
        if (endpoints.putIfAbsent(endpointName, Objects.requireNonNull(endpoint, "endpoint")) != null) {
            throw new IllegalArgumentException(
                    "endpoint " + SafeText.label(endpointName) + " must be configured once, but is configured twice");
        }
        return this;
    }

    /**
     * Sets where endpoints come from whose names are not known at the start, such as those of tenants. Endpoints that
     * were added by name come first.
     *
     * @param finder returns the endpoint of a name, or null when there is none. It is called by any thread, for each use
     *     of the name and each connection attempt, and should answer from memory. The pool copies no answer, so a later
     *     connection uses what it then returns
     * @return this
     */
    public JdbcConnectionManagerBuilder endpoints(Function<? super String, ? extends @Nullable JdbcEndpoint> finder) {
        this.finder = Objects.requireNonNull(finder, "endpoints");
        return this;
    }

    /**
     * Sets which exceptions mean that a connection is gone. The test replaces
     * {@link JdbcConnectionManager#isConnectionGone}, and may call it. It runs on the holder's thread. An exception
     * from the test counts as true.
     *
     * @param test returns true when the connection is gone
     * @return this
     */
    public JdbcConnectionManagerBuilder goneWhen(Predicate<? super SQLException> test) {
        isGone = Objects.requireNonNull(test, "goneWhen");
        return this;
    }

    /**
     * Sets whether closing the connection of a {@code DataSource} waits until the reset is done, as in other pools.
     * Uncommitted work is then rolled back, and its locks are released, when the close returns. Threads that use
     * connections one after another then need only one connection. Without this setting, a close never waits, and the
     * next caller may receive another connection meanwhile.
     *
     * @param value true to wait; false unless set
     * @return this
     */
    public JdbcConnectionManagerBuilder resetOnClose(boolean value) {
        resetsOnClose = value;
        return this;
    }

    /**
     * Sets whether resets run on virtual threads. Connection attempts run on the pool's connect executor.
     *
     * @param value true for virtual threads, the default on JDK 24 and later
     * @return this
     * @throws IllegalArgumentException when the JVM has no virtual threads
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
     * Sets how a pool with {@code addressWatch} finds the addresses of hosts. Drivers find theirs by themselves, mostly
     * by the system resolver.
     *
     * @param value the resolver; {@link HostResolver#SYSTEM} unless set
     * @return this
     */
    public JdbcConnectionManagerBuilder resolver(HostResolver value) {
        resolver = Objects.requireNonNull(value, "resolver");
        return this;
    }

    /**
     * Sets the name of the manager and its threads.
     *
     * @param value the name; {@code jdbc} unless set
     * @return this
     */
    public JdbcConnectionManagerBuilder name(String value) {
        name = Objects.requireNonNull(value, "name");
        return this;
    }

    /**
     * Builds a manager.
     *
     * @return the manager, to be closed after use
     * @throws IllegalArgumentException when there is no endpoint
     */
    public JdbcConnectionManager build() {
        if (endpoints.isEmpty() && finder == null) {
            throw new IllegalArgumentException("endpoint must be called at least once, but was not");
        }
        return new JdbcConnectionManager(this);
    }
}
