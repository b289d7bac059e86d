package io.genericpool.benchmarks.websocket;

import io.genericpool.websocket.WebSocketPool;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import okhttp3.OkHttpClient;

/** A round trip on a leased connection against one with OkHttp alone: the same caller blocks, the same server echoes. */
final class RoundTrip {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String TEXT = "{\"subscribe\":\"trades\",\"symbol\":\"btcusdt\",\"id\":1234567890123456}";

    private RoundTrip() {}

    private interface Talk {
        String ask(String text);
    }

    private record Subject(Talk talk, Samples micros) {
        Subject(Talk talk) {
            this(talk, new Samples());
        }

        void measure(int messages) {
            micros.add(RoundTrip.micros(talk, messages));
        }
    }

    static void measure(PrintStream out, ServerProcess server, int runs, int messages) throws Exception {
        String uri = server.uri(false);
        var asItComes = new OkHttpClient();
        var sendingAtOnce =
                new OkHttpClient.Builder().socketFactory(new SendingAtOnce()).build();
        try (var raw = new RawSocket(asItComes, uri);
                var rawAtOnce = new RawSocket(sendingAtOnce, uri);
                var pool = WebSocketPool.builder().baseUri(uri).build();
                var lease = pool.connection("/")) {
            var connection = lease.connection();
            var alone = new Subject(raw::ask);
            var aloneAtOnce = new Subject(rawAtOnce::ask);
            var leased = new Subject(text -> {
                connection.send(text);
                return connection.receive(TIMEOUT).text();
            });
            Progress.say("round trips, warming up");
            for (Subject subject : List.of(alone, aloneAtOnce, leased)) {
                micros(subject.talk, messages);
            }
            for (int i = 0; i < runs; i++) {
                Progress.say("round trips, run " + (i + 1) + " of " + runs);
                List<Subject> order =
                        i % 2 == 0 ? List.of(alone, leased, aloneAtOnce) : List.of(aloneAtOnce, leased, alone);
                order.forEach(subject -> subject.measure(messages));
            }
            out.println("Round trip on an open connection, us: median (least to most) of " + runs
                    + " alternating runs of " + messages + " messages");
            out.println("  OkHttp alone                       " + alone.micros.text("%.1f"));
            out.println("  OkHttp alone with TCP_NODELAY      " + aloneAtOnce.micros.text("%.1f"));
            out.println("  leased connection                  " + leased.micros.text("%.1f"));
            out.println("  ratio, run by run                  "
                    + leased.micros.over(alone.micros).text("%.3f"));
            out.println("  ratio to the one with TCP_NODELAY  "
                    + leased.micros.over(aloneAtOnce.micros).text("%.3f"));
        } finally {
            asItComes.dispatcher().executorService().shutdown();
            sendingAtOnce.dispatcher().executorService().shutdown();
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
