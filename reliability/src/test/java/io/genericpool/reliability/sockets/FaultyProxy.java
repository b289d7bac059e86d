package io.genericpool.reliability.sockets;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * Stands on a loopback port before a server and does to each connection what a plan says. What comes from the client
 * passes; the fault strikes what comes from the server, after a number of bytes, so that it hits handshakes as well as
 * messages. Two threads a connection; {@link #close} ends them all.
 */
public final class FaultyProxy implements AutoCloseable {
    /** What may happen to a connection. */
    public enum Fault {
        /** Nothing. */
        NONE,
        /** Reset as soon as it is accepted. */
        REFUSE,
        /** Accepted, read, and never answered: not even the server hears of it. */
        BLACKHOLE,
        /** Silent from some byte on, and open. */
        STALL,
        /** Reset after some byte. */
        RESET,
        /** The server's side is shut down after some byte, the client's stays open. */
        HALF_CLOSE,
        /** Closed after some byte, without any farewell: under TLS that is a truncated stream. */
        CUT,
        /** Each piece comes late. */
        DELAY
    }

    /** What happens to one connection, and after how many bytes from the server. */
    public record Plan(Fault fault, long afterBytes) {}

    private static final long DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final int serverPort;
    private final IntFunction<Plan> plans;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "faulty-proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connects = new AtomicInteger();
    private final Map<Fault, AtomicLong> struck = new EnumMap<>(Fault.class);
    private final int port;
    private volatile ServerSocket listening;

    /**
     * Starts to listen.
     *
     * @param serverPort where the server listens
     * @param plans the plan of the n-th connection, from 0
     * @throws IOException when it cannot listen
     */
    public FaultyProxy(int serverPort, IntFunction<Plan> plans) throws IOException {
        this.serverPort = serverPort;
        this.plans = plans;
        for (Fault fault : Fault.values()) {
            struck.put(fault, new AtomicLong());
        }
        listening = listen(0);
        port = listening.getLocalPort();
        threads.execute(this::accept);
    }

    private static ServerSocket listen(int port) throws IOException {
        var socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_024);
        return socket;
    }

    /**
     * Where it listens.
     *
     * @return the port
     */
    public int port() {
        return port;
    }

    /**
     * Connections accepted so far.
     *
     * @return the count
     */
    public int connects() {
        return connects.get();
    }

    /** How often each fault has struck; NONE and DELAY count connections. */
    Map<Fault, AtomicLong> struck() {
        return struck;
    }

    /** Nobody listens any more: the system refuses connects. Connections go on. */
    void down() throws IOException {
        listening.close();
    }

    /** Listens again, on the same port. */
    void up() throws IOException {
        listening = listen(port);
        threads.execute(this::accept);
    }

    private void accept() {
        ServerSocket mine = listening;
        try {
            while (true) {
                Socket client = mine.accept();
                sockets.add(client);
                Plan plan = plans.apply(connects.getAndIncrement());
                threads.execute(() -> serve(client, plan));
            }
        } catch (IOException e) {
            // Down or closed: the only ways out.
        }
    }

    private void serve(Socket client, Plan plan) {
        try (client) {
            switch (plan.fault) {
                case REFUSE -> {
                    strike(plan.fault);
                    reset(client);
                }
                case BLACKHOLE -> {
                    strike(plan.fault);
                    client.getInputStream().transferTo(OutputStream.nullOutputStream());
                }
                default -> join(client, plan);
            }
        } catch (IOException e) {
            // One side is gone, so is the other.
        } finally {
            sockets.remove(client);
        }
    }

    private void strike(Fault fault) {
        struck.get(fault).incrementAndGet();
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private void join(Socket client, Plan plan) throws IOException {
        client.setTcpNoDelay(true);
        try (var server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
            server.setTcpNoDelay(true);
            sockets.add(server);
            threads.execute(() -> fromServer(server, client, plan));
            InputStream in = client.getInputStream();
            in.transferTo(server.getOutputStream());
            server.shutdownOutput();
            // The other direction ends by itself, or by the server's answer to this end.
            awaitEnd(server);
        }
    }

    private static void awaitEnd(Socket server) {
        long start = System.nanoTime();
        while (!server.isClosed() && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(1)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private void fromServer(Socket server, Socket client, Plan plan) {
        try (server) {
            if (plan.fault == Fault.NONE || plan.fault == Fault.DELAY) {
                strike(plan.fault);
            }
            pump(server.getInputStream(), client, plan);
            client.shutdownOutput();
        } catch (IOException e) {
            // One side is gone, so is the other.
        } finally {
            sockets.remove(server);
        }
    }

    private void pump(InputStream in, Socket client, Plan plan) throws IOException {
        OutputStream out = client.getOutputStream();
        var buffer = new byte[8_192];
        long left = plan.fault == Fault.NONE || plan.fault == Fault.DELAY ? Long.MAX_VALUE : plan.afterBytes;
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            if (plan.fault == Fault.DELAY) {
                LockSupport.parkNanos(DELAY_NANOS);
            }
            out.write(buffer, 0, (int) Math.min(count, left));
            left -= Math.min(count, left);
            if (left == 0) {
                strike(plan.fault);
                strikeClient(in, client, plan.fault);
                return;
            }
        }
    }

    private static void strikeClient(InputStream in, Socket client, Fault fault) throws IOException {
        switch (fault) {
            case RESET -> reset(client);
            case CUT -> client.close();
            case HALF_CLOSE -> {
                client.shutdownOutput();
                in.transferTo(OutputStream.nullOutputStream());
            }
            default -> in.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** Stops listening, cuts all connections and waits for its threads to end. */
    @Override
    public void close() throws InterruptedException {
        try {
            listening.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdown();
        if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the proxy's threads do not end");
        }
    }
}
