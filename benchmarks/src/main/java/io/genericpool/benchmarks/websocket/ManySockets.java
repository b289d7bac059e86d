package io.genericpool.benchmarks.websocket;

import io.genericpool.Lease;
import io.genericpool.websocket.Heartbeat;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketEndpoint;
import io.genericpool.websocket.WebSocketPool;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Thousands of open pooled sockets: what opening them takes and what they hold, and the messages a second that a few
 * active ones exchange among them, with heartbeats and without.
 */
final class ManySockets {
    private static final int ACTIVE = 64;
    private static final int WINDOW = 16;
    private static final int CONNECTS_AT_ONCE = 64;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final ServerProcess server;
    private final int sockets;
    private final boolean virtualThreads;
    private final Duration interval;
    private final int seconds;

    private final Samples openSeconds = new Samples();
    private final Samples heapBytes = new Samples();
    private final Samples residentBytes = new Samples();
    private final Samples platformThreads = new Samples();
    private final Samples without = new Samples();
    private final Samples with = new Samples();
    private long pings;

    ManySockets(ServerProcess server, int sockets, boolean virtualThreads, Duration interval, int seconds) {
        this.server = server;
        this.sockets = sockets;
        this.virtualThreads = virtualThreads;
        this.interval = interval;
        this.seconds = seconds;
    }

    void measure(PrintStream out, int alternations) throws Exception {
        for (int i = 0; i < alternations; i++) {
            boolean withFirst = i % 2 == 1;
            Progress.say(sockets + " sockets, alternation " + (i + 1) + " of " + alternations);
            (withFirst ? with : without).add(messagesPerSecond(withFirst));
            (withFirst ? without : with).add(messagesPerSecond(!withFirst));
        }
        out.println(sockets + " open pooled sockets, read by " + (virtualThreads ? "virtual" : "platform")
                + " threads; median (least to most)");
        out.println("  time to open, s                  " + openSeconds.text("%.2f"));
        out.println("  heap a socket, bytes             " + heapBytes.text("%.0f"));
        out.println("  resident memory a socket, bytes, first time  " + residentBytes.text("%.0f"));
        out.println("  platform threads for all         " + platformThreads.text("%.0f"));
        out.println("Messages a second, " + ACTIVE + " sockets active, " + WINDOW + " messages in flight each, "
                + seconds + " s, " + alternations + " alternations");
        out.println("  without heartbeats               " + without.text("%.0f"));
        out.println("  a ping every " + interval.toSeconds() + " s                " + with.text("%.0f") + ", " + pings
                + " pings on the active ones meanwhile");
        out.println("  ratio, run by run                " + with.over(without).text("%.3f"));
    }

    private double messagesPerSecond(boolean heartbeats) throws Exception {
        awaitIdleThreadsGone();
        long heapBefore = usedHeap();
        long residentBefore = resident();
        int threadsBefore = platformThreads();
        try (WebSocketPool pool = pool(heartbeats)) {
            long began = System.nanoTime();
            int opened = pool.warmUp("/", sockets).get(5, TimeUnit.MINUTES);
            openSeconds.add((System.nanoTime() - began) / 1e9);
            if (opened != sockets) {
                throw new IllegalStateException("only " + opened + " sockets could be opened");
            }
            heapBytes.add((double) (usedHeap() - heapBefore) / sockets);
            if (residentBytes.isEmpty()) {
                // Later on, the heap is resident from before.
                residentBytes.add((double) (resident() - residentBefore) / sockets);
            }
            platformThreads.add(platformThreads() - threadsBefore);
            return exchange(pool);
        }
    }

    private WebSocketPool pool(boolean heartbeats) {
        var builder = WebSocketPool.builder()
                .baseUri(server.uri(false))
                .maxSize(sockets)
                .totalMaxSize(sockets)
                .connectTimeout(Duration.ofMinutes(1))
                .idleTimeout(Duration.ofHours(1))
                .connections(knobs -> knobs.virtualThreads(virtualThreads))
                .pool(knobs -> knobs.maxConnectsPerEndpoint(CONNECTS_AT_ONCE));
        return heartbeats ? builder.heartbeat(Heartbeat.ping(interval)).build() : builder.build();
    }

    /** The first heartbeats come after half an interval up to a whole one: they must flow before anything is counted. */
    private double exchange(WebSocketPool pool) throws Exception {
        var leases = new ArrayList<Lease<WebSocketEndpoint, WebSocketConnection>>();
        for (int i = 0; i < ACTIVE; i++) {
            leases.add(pool.connection("/"));
        }
        var stop = new AtomicBoolean();
        var messages = new LongAdder();
        List<Thread> callers = leases.stream()
                .map(lease -> new Thread(() -> talk(lease.connection(), stop, messages), "caller"))
                .toList();
        callers.forEach(Thread::start);
        TimeUnit.NANOSECONDS.sleep(interval.toNanos() / 2 + TimeUnit.SECONDS.toNanos(1)); // until heartbeats flow
        long pingsBefore = pingsOf(leases);
        long before = messages.sum();
        long began = System.nanoTime();
        TimeUnit.SECONDS.sleep(seconds); // the measured time
        double rate = (messages.sum() - before) / ((System.nanoTime() - began) / 1e9);
        pings += pingsOf(leases) - pingsBefore;
        stop.set(true);
        for (Thread caller : callers) {
            caller.join();
        }
        leases.forEach(Lease::release);
        return rate;
    }

    private static long pingsOf(List<Lease<WebSocketEndpoint, WebSocketConnection>> leases) {
        return leases.stream()
                .mapToLong(lease -> lease.connection().stats().pingsOut())
                .sum();
    }

    private static void talk(WebSocketConnection connection, AtomicBoolean stop, LongAdder messages) {
        for (int i = 0; i < WINDOW; i++) {
            connection.send("hello");
        }
        while (!stop.get()) {
            connection.receive(TIMEOUT);
            messages.increment();
            connection.send("hello");
        }
    }

    private static long usedHeap() throws InterruptedException {
        var memory = ManagementFactory.getMemoryMXBean();
        for (int i = 0; i < 3; i++) {
            memory.gc();
            TimeUnit.MILLISECONDS.sleep(100); // references are cleared after the collection
        }
        return memory.getHeapMemoryUsage().getUsed();
    }

    /** What the system holds in memory for this process, thread stacks included; 0 where it does not tell. */
    private static long resident() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.isReadable(status)
                ? Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                        .sum()
                : 0;
    }

    /** The threads of the pool before this one live on for some seconds after its close. */
    private static void awaitIdleThreadsGone() throws InterruptedException {
        for (int i = 0; i < 20 && platformThreads() > 100; i++) {
            TimeUnit.SECONDS.sleep(1); // nothing tells when
        }
    }

    private static int platformThreads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }
}
