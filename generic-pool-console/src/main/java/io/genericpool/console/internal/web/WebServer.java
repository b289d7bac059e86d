package io.genericpool.console.internal.web;

import com.sun.net.httpserver.HttpServer;
import io.genericpool.console.internal.feed.Feed;
import io.genericpool.support.PoolThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The HTTP server of a console and its threads. Thread-safe. */
public final class WebServer implements AutoCloseable {
    private static final long PER_REQUEST = TimeUnit.SECONDS.toNanos(4);
    private static final long PER_FRAME = TimeUnit.SECONDS.toNanos(8);
    private static final int BACKLOG = 64;

    private final HttpServer server;
    private final Workers workers;
    private final Feed feed;
    private final Thread sampler;
    private boolean closed;

    /**
     * Listens. When this throws, nothing is left open, and the feed is closed.
     *
     * @throws UncheckedIOException when the address cannot be listened at
     */
    public WebServer(WebSettings settings, Feed feed) {
        this(settings, feed, System::nanoTime, PoolThreads::named);
    }

    /**
     * As the public one.
     *
     * @param nanos the time by which sessions and codes end
     * @param threads makes the server's own threads, by their names
     */
    WebServer(WebSettings settings, Feed feed, LongSupplier nanos, Function<String, ThreadFactory> threads) {
        this.feed = feed;
        this.server = bound(settings.address());
        Workers made = null;
        try {
            made = new Workers(PER_REQUEST, PER_FRAME);
            server.setExecutor(made);
            server.createContext("/", new Requests(settings, port(), feed, made, nanos));
            sampler = threads.apply("pool-console-sampler").newThread(feed::run);
            sampler.start();
            startOnDaemon(threads.apply("pool-console-starter"));
        } catch (RuntimeException | Error e) { // no memory for another thread, for one
            feed.close();
            stopSurely();
            if (made != null) {
                made.close();
            }
            throw e;
        }
        workers = made;
    }

    private static HttpServer bound(InetSocketAddress address) {
        try {
            return HttpServer.create(address, BACKLOG);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the console cannot listen at " + address + ": " + e.getMessage()
                            + "; choose another port, or 0 for a free one",
                    e);
        }
    }

    /** A server that was never started keeps its port even when it is stopped. */
    private void stopSurely() {
        try {
            server.start();
        } catch (IllegalStateException | OutOfMemoryError e) {
            // It runs, or its thread is missing too.
        }
        server.stop(0);
    }

    /** The server's own thread inherits whether it is a daemon from the thread that starts it. */
    private void startOnDaemon(ThreadFactory threads) {
        var failure = new AtomicReference<@Nullable Throwable>();
        Thread starter = threads.newThread(() -> {
            try {
                server.start();
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        starter.start();
        boolean interrupted = false;
        while (true) {
            try {
                starter.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new IllegalStateException("the console's server did not start: " + thrown, thrown);
        }
    }

    private int port() {
        return server.getAddress().getPort();
    }

    /** The address to open. Of all addresses of this machine, it is the loopback one. */
    public URI address() {
        InetAddress address = server.getAddress().getAddress();
        String host = address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
        int zone = host.indexOf('%');
        String literal = zone < 0 ? host : host.substring(0, zone);
        return URI.create("http://" + (literal.contains(":") ? "[" + literal + "]" : literal) + ":" + port() + "/");
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        feed.close();
        server.stop(0);
        workers.close();
        try {
            sampler.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
