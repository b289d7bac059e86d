package io.genericpool.console.internal.web;

import com.sun.net.httpserver.HttpServer;
import io.genericpool.console.internal.feed.Feed;
import io.genericpool.support.PoolThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.TimeUnit;

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
     * Listens.
     *
     * @throws UncheckedIOException when the address cannot be listened at; nothing is left open then
     */
    public WebServer(WebSettings settings, Feed feed) {
        this.feed = feed;
        this.server = bound(settings.address());
        this.workers = new Workers(PER_REQUEST, PER_FRAME);
        server.setExecutor(workers);
        server.createContext("/", new Requests(settings, port(), feed, workers));
        sampler = PoolThreads.named("pool-console-sampler").newThread(feed::run);
        sampler.start();
        startOnDaemon();
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

    /** The server's own thread inherits whether it is a daemon from the thread that starts it. */
    private void startOnDaemon() {
        Thread starter = PoolThreads.named("pool-console-starter").newThread(server::start);
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
