package io.genericpool.benchmarks.websocket;

import io.genericpool.websocket.WebSocketPool;
import java.io.PrintStream;
import java.time.Duration;
import okhttp3.OkHttpClient;

/** A round trip on a leased connection against one with OkHttp alone: the same caller blocks, the same server echoes. */
final class RoundTrip {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String TEXT = "{\"subscribe\":\"trades\",\"symbol\":\"btcusdt\",\"id\":1234567890123456}";

    private RoundTrip() {}

    private interface Talk {
        String ask(String text);
    }

    static void measure(PrintStream out, ServerProcess server, int runs, int messages) throws Exception {
        String uri = server.uri(false);
        var client = new OkHttpClient();
        try (var raw = new RawSocket(client, uri);
                var pool = WebSocketPool.builder().baseUri(uri).build();
                var lease = pool.connection("/")) {
            var connection = lease.connection();
            Talk leased = text -> {
                connection.send(text);
                return connection.receive(TIMEOUT).text();
            };
            micros(raw::ask, messages);
            micros(leased, messages);
            var rawMicros = new Samples();
            var leasedMicros = new Samples();
            for (int i = 0; i < runs; i++) {
                if (i % 2 == 0) {
                    rawMicros.add(micros(raw::ask, messages));
                    leasedMicros.add(micros(leased, messages));
                } else {
                    leasedMicros.add(micros(leased, messages));
                    rawMicros.add(micros(raw::ask, messages));
                }
            }
            out.println("Round trip on an open connection, us: median (least to most) of " + runs
                    + " alternating runs of " + messages + " messages");
            out.println("  OkHttp alone        " + rawMicros.text("%.1f"));
            out.println("  leased connection   " + leasedMicros.text("%.1f"));
            out.println("  ratio, run by run   " + leasedMicros.over(rawMicros).text("%.3f"));
        } finally {
            client.dispatcher().executorService().shutdown();
        }
    }

    private static double micros(Talk talk, int messages) {
        long began = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            if (talk.ask(TEXT).length() != TEXT.length()) {
                throw new IllegalStateException("the wrong reply");
            }
        }
        return (System.nanoTime() - began) / 1e3 / messages;
    }
}
