package io.genericpool.benchmarks.websocket;

import io.genericpool.Lease;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketEndpoint;
import io.genericpool.websocket.WebSocketPool;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** More leases at once than the 64 sockets of OkHttp's own dispatcher, all settings but the pool's sizes left alone. */
final class ManyLeases {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private ManyLeases() {}

    static void measure(PrintStream out, ServerProcess server, int runs, int... counts) throws Exception {
        for (int count : counts) {
            var opened = new Samples();
            var answered = new Samples();
            for (int i = 0; i < runs; i++) {
                Progress.say(count + " leases at once, run " + (i + 1) + " of " + runs);
                leaseAtOnce(server, count, opened, answered);
            }
            out.println(count + " leases at once, ms: median (least to most) of " + runs + " runs");
            out.println("  until all are held, each of a new connection    " + opened.text("%.0f"));
            out.println("  a round trip on each, one after the other       " + answered.text("%.0f"));
        }
    }

    private static void leaseAtOnce(ServerProcess server, int count, Samples opened, Samples answered)
            throws Exception {
        try (var pool = WebSocketPool.builder()
                .baseUri(server.uri(false))
                .maxSize(count)
                .totalMaxSize(count)
                .build()) {
            long began = System.nanoTime();
            var acquires = new ArrayList<CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>>>();
            for (int i = 0; i < count; i++) {
                acquires.add(pool.connectionAsync("/"));
            }
            var leases = new ArrayList<Lease<WebSocketEndpoint, WebSocketConnection>>();
            for (var acquire : acquires) {
                leases.add(acquire.get(1, TimeUnit.MINUTES));
            }
            long held = System.nanoTime();
            for (var lease : leases) {
                lease.connection().send("hello");
                if (!lease.connection().receive(TIMEOUT).text().equals("hello")) {
                    throw new IllegalStateException("the wrong reply");
                }
            }
            opened.add((held - began) / 1e6);
            answered.add((System.nanoTime() - held) / 1e6);
            leases.forEach(Lease::release);
        }
    }
}
