package io.genericpool.console;

import io.genericpool.ConnectionPool;
import io.genericpool.console.internal.feed.Activity;
import io.genericpool.console.internal.feed.Feed;
import io.genericpool.console.internal.feed.FeedClock;
import io.genericpool.console.internal.feed.PoolFeed;
import io.genericpool.console.internal.web.WebServer;
import io.genericpool.console.internal.web.WebSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Builds and starts a {@link PoolConsole}. Not thread-safe. */
public final class PoolConsoleBuilder {
    private static final int SHORTEST_TOKEN = 16;

    private final List<Supplier<PoolFeed<?>>> pools = new ArrayList<>();
    private final Set<String> hosts = new HashSet<>();
    private InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private @Nullable String token;
    private boolean actions;

    PoolConsoleBuilder() {}

    /**
     * Adds a pool. The page then shows its statistics, but no events and no waits. A console needs at least one pool.
     *
     * @param pool the pool
     * @return this
     */
    public PoolConsoleBuilder pool(ConnectionPool<?, ?> pool) {
        Objects.requireNonNull(pool, "pool");
        pools.add(() -> feed(pool, null));
        return this;
    }

    /**
     * Adds a pool with its activity: events, holders of leaked leases, and waits if they are recorded. The pool must have
     * been built with the same object as its listener. Otherwise the page shows no events.
     *
     * @param pool the pool
     * @param activity the record, which serves one pool only
     * @return this
     * @throws IllegalArgumentException if the record serves another pool
     */
    public PoolConsoleBuilder pool(ConnectionPool<?, ?> pool, PoolActivity activity) {
        Objects.requireNonNull(pool, "pool");
        if (!activity.activity.belongsTo(pool)) {
            throw new IllegalArgumentException("the activity serves another pool than "
                    + pool.stats().name() + ": give each pool an activity of its own");
        }
        pools.add(() -> feed(pool, activity.activity));
        return this;
    }

    private static <E> PoolFeed<E> feed(ConnectionPool<E, ?> pool, @Nullable Activity activity) {
        return new PoolFeed<>(pool, activity, FeedClock.SYSTEM);
    }

    /**
     * Sets the port, and leaves the address as it is. Default: 0, which stands for a free port.
     *
     * @param value the port, 0 to 65,535
     * @return this
     * @throws IllegalArgumentException if there is no such port
     */
    public PoolConsoleBuilder port(int value) {
        if (value < 0 || value > 65_535) {
            throw new IllegalArgumentException("port must be 0 to 65,535, but is " + value);
        }
        address = new InetSocketAddress(address.getAddress(), value);
        return this;
    }

    /**
     * Sets the address and the port to listen at. Other machines can reach an address that is not a loopback address, so
     * it needs a {@link #token}. The console speaks plain HTTP: put a proxy with TLS before it. Default: the loopback
     * address and a free port.
     *
     * @param value the address
     * @return this
     * @throws IllegalArgumentException if the host name of the address has no IP address
     */
    public PoolConsoleBuilder address(InetSocketAddress value) {
        if (value.isUnresolved()) {
            throw new IllegalArgumentException("the address " + value.getHostString() + " cannot be resolved");
        }
        address = value;
        return this;
    }

    /**
     * Allows a host name by which browsers call the console, such as that of a proxy. The console refuses requests for any
     * other name, because a foreign page could make its own name point to this machine. Default: {@code localhost} and
     * loopback addresses, or all IP addresses when the console does not listen at a loopback address.
     *
     * @param name the name without a port
     * @return this
     */
    public PoolConsoleBuilder host(String name) {
        hosts.add(name.toLowerCase(Locale.ROOT));
        return this;
    }

    /**
     * Requires a token from each browser. The page asks for it once. A program sends it as {@code Authorization: Bearer}.
     * The token is in no log and no address. Default: no token, which only a loopback address allows.
     *
     * @param value the token, at least 16 characters long
     * @return this
     * @throws IllegalArgumentException if the token is too short
     */
    public PoolConsoleBuilder token(String value) {
        if (value.length() < SHORTEST_TOKEN) {
            throw new IllegalArgumentException("token must have at least " + SHORTEST_TOKEN + " characters, but has "
                    + value.length() + "; take a random one");
        }
        token = value;
        return this;
    }

    /**
     * Lets the page evict, suspend, resume and resize endpoints. Each action is asked twice. Default: false, the page only
     * reads.
     *
     * @param value whether the page may change pools
     * @return this
     */
    public PoolConsoleBuilder allowActions(boolean value) {
        actions = value;
        return this;
    }

    /**
     * Starts the console.
     *
     * @return the console, which must be closed
     * @throws IllegalStateException if no pool was added, or the address needs a token and has none
     * @throws java.io.UncheckedIOException if the port is in use or the address is not one of this machine. The pools are
     *     not affected
     */
    public PoolConsole start() {
        if (pools.isEmpty()) {
            throw new IllegalStateException("a console needs at least one pool: call pool before start");
        }
        if (token == null && !address.getAddress().isLoopbackAddress()) {
            throw new IllegalStateException("other machines can reach a console at " + address
                    + ", so it needs a token: call token, or listen at a loopback address");
        }
        var feed = new Feed(pools.stream().<PoolFeed<?>>map(Supplier::get).toList(), FeedClock.SYSTEM);
        return new PoolConsole(new WebServer(new WebSettings(address, Set.copyOf(hosts), token, actions), feed));
    }
}
