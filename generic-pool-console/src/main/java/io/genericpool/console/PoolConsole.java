package io.genericpool.console;

import io.genericpool.ConnectionPool;
import io.genericpool.console.internal.web.WebServer;
import java.net.URI;

/**
 * A web page that shows pools live: connections by state, waiters, circuits, the oldest leases and the last events. The page
 * is served by this process and loads nothing from elsewhere.
 *
 * <p>By default only this machine can open the page, and the page changes nothing. See {@link PoolConsoleBuilder} for
 * both. While a page is open, the console reads its pools once per second for all pages together, from the snapshot that
 * all observers share ({@link ConnectionPool#recentStats()}). While none is open, it does nothing. Its threads are daemons.
 *
 * <p>The console keeps a reference to its pools until it is closed. It does not close them. When a pool is closed, the page
 * says so. Thread-safe.
 */
public final class PoolConsole implements AutoCloseable {
    private final WebServer server;

    PoolConsole(WebServer server) {
        this.server = server;
    }

    /**
     * Begins a console.
     *
     * @return the builder
     */
    public static PoolConsoleBuilder builder() {
        return new PoolConsoleBuilder();
    }

    /**
     * Starts a console of one pool at a free port of the loopback address.
     *
     * @param pool the pool
     * @return the console
     * @throws java.io.UncheckedIOException if no port is free
     */
    public static PoolConsole start(ConnectionPool<?, ?> pool) {
        return builder().pool(pool).start();
    }

    /**
     * Returns the address to open in a browser. A console that listens at all addresses of the machine returns the
     * loopback one. The address does not contain the token.
     *
     * @return the address, with the port in use
     */
    public URI address() {
        return server.address();
    }

    /**
     * Ends the console: closes its port, its open pages and its threads. Waits for the threads, for a few seconds at most.
     * An interrupt ends the waiting and is set again. The pools are not affected. A second call does nothing.
     */
    @Override
    public void close() {
        server.close();
    }
}
