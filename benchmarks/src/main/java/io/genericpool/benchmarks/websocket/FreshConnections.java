package io.genericpool.benchmarks.websocket;

import io.genericpool.websocket.WebSocketPool;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Callable;
import okhttp3.OkHttpClient;

/** Acquire, round trip and release against opening a connection with OkHttp alone for one round trip. */
final class FreshConnections {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private FreshConnections() {}

    static void measure(PrintStream out, ServerProcess server, boolean secure, int runs, int connects)
            throws Exception {
        String uri = server.uri(secure);
        OkHttpClient asItComes = client(server, new OkHttpClient.Builder());
        OkHttpClient sendingAtOnce = client(server, new OkHttpClient.Builder().socketFactory(new SendingAtOnce()));
        try (var pool = WebSocketPool.builder()
                .baseUri(uri)
                .connections(knobs -> knobs.customizeClient(server::trust))
                .build()) {
            Callable<String> fresh = () -> exchangeOnce(asItComes, uri);
            Callable<String> freshAtOnce = () -> exchangeOnce(sendingAtOnce, uri);
            Callable<String> pooled = () -> {
                try (var lease = pool.connection("/")) {
                    lease.connection().send("hello");
                    return lease.connection().receive(TIMEOUT).text();
                }
            };
            String what = secure ? "fresh connections over TLS" : "fresh connections";
            Progress.say(what + ", warming up");
            micros(fresh, connects);
            micros(freshAtOnce, connects);
            micros(pooled, 20 * connects);
            var freshMicros = new Samples();
            var atOnceMicros = new Samples();
            var pooledMicros = new Samples();
            for (int i = 0; i < runs; i++) {
                Progress.say(what + ", run " + (i + 1) + " of " + runs);
                freshMicros.add(micros(fresh, connects));
                pooledMicros.add(micros(pooled, 10 * connects));
                atOnceMicros.add(micros(freshAtOnce, connects));
            }
            out.println((secure ? "TLS" : "Plain") + ", one round trip, us: median (least to most) of " + runs
                    + " alternating runs of " + connects + " connects");
            out.println("  a fresh connection                   " + freshMicros.text("%.0f"));
            out.println("  a fresh connection with TCP_NODELAY  " + atOnceMicros.text("%.0f"));
            out.println("  acquire, exchange, release           " + pooledMicros.text("%.0f"));
            out.println("  times faster, run by run             "
                    + freshMicros.over(pooledMicros).text("%.1f"));
            out.println("  times faster than with TCP_NODELAY   "
                    + atOnceMicros.over(pooledMicros).text("%.1f"));
        } finally {
            asItComes.dispatcher().executorService().shutdown();
            sendingAtOnce.dispatcher().executorService().shutdown();
        }
    }

    private static OkHttpClient client(ServerProcess server, OkHttpClient.Builder builder) {
        server.trust(builder);
        OkHttpClient client = builder.build();
        // A socket counts as a running call until its close handshake has ended.
        client.dispatcher().setMaxRequests(10_000);
        return client;
    }

    private static String exchangeOnce(OkHttpClient client, String uri) throws InterruptedException {
        try (var socket = new RawSocket(client, uri)) {
            return socket.ask("hello");
        }
    }

    private static double micros(Callable<String> exchange, int times) throws Exception {
        long began = System.nanoTime();
        for (int i = 0; i < times; i++) {
            if (!exchange.call().equals("hello")) {
                throw new IllegalStateException("the wrong reply");
            }
        }
        return (System.nanoTime() - began) / 1e3 / times;
    }
}
