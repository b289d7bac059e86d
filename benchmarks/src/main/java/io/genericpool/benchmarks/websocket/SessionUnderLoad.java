package io.genericpool.benchmarks.websocket;

import io.genericpool.websocket.Message;
import io.genericpool.websocket.SessionListener;
import io.genericpool.websocket.WebSocketPool;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A session that receives numbered messages as fast as they come, while the server cuts its connections: what it delivers
 * against a plain lease, and that nothing is missing or comes twice.
 */
final class SessionUnderLoad {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final ServerProcess server;
    private final int messages;
    private final Samples pauseMillis = new Samples();
    private long reconnects;

    private SessionUnderLoad(ServerProcess server, int messages) {
        this.server = server;
        this.messages = messages;
    }

    static void measure(PrintStream out, ServerProcess server, int runs, int messages, int cuts) throws Exception {
        var measurement = new SessionUnderLoad(server, messages);
        String uncut = EchoPeer.streamPath(0);
        String cut = EchoPeer.streamPath(messages / (cuts + 1) + 1);
        measurement.byLease(uncut);
        measurement.bySession(uncut);
        var leased = new Samples();
        var steady = new Samples();
        var broken = new Samples();
        for (int i = 0; i < runs; i++) {
            Progress.say("session under load, run " + (i + 1) + " of " + runs);
            leased.add(measurement.byLease(uncut));
            steady.add(measurement.bySession(uncut));
            broken.add(measurement.bySession(cut));
        }
        out.println("Messages a second, received in a row: median (least to most) of " + runs + " alternating runs of "
                + messages + " messages");
        out.println("  by a lease                             " + leased.text("%.0f"));
        out.println("  by a session                           " + steady.text("%.0f"));
        out.println("  by a session that is cut off           " + broken.text("%.0f"));
        out.println("  session over lease, run by run         "
                + steady.over(leased).text("%.3f"));
        out.println(
                "  " + measurement.reconnects + " reconnects, none missing, none twice; from the last message before to"
                        + " the first after, ms  " + measurement.pauseMillis.text("%.1f"));
    }

    private double byLease(String path) {
        try (var pool = WebSocketPool.builder().baseUri(server.uri(false)).build();
                var lease = pool.connection(path)) {
            long began = System.nanoTime();
            lease.connection().send(EchoPeer.from(0));
            for (long expected = 1; expected <= messages; expected++) {
                check(EchoPeer.numberOf(lease.connection().receive(TIMEOUT).text()), expected);
            }
            double rate = perSecond(began);
            lease.invalidate();
            return rate;
        }
    }

    private double bySession(String path) throws Exception {
        var counter = new Counter();
        try (var pool = WebSocketPool.builder().baseUri(server.uri(false)).build()) {
            long began = System.nanoTime();
            var session = pool.session(path, counter)
                    .backoff(Duration.ofMillis(10), Duration.ofSeconds(1))
                    .stableAfter(Duration.ZERO)
                    .replay(
                            message -> EchoPeer.numberOf(message.text()),
                            lastSeen -> List.of(Message.text(EchoPeer.from(lastSeen))))
                    .start();
            try (session) {
                session.send(Message.text(EchoPeer.from(0)));
                if (!counter.done.await(5, TimeUnit.MINUTES)) {
                    throw new IllegalStateException("only " + counter.seen + " of " + messages + " messages came");
                }
                double rate = perSecond(began);
                if (counter.wrong != null) {
                    throw counter.wrong;
                }
                reconnects += session.reconnects();
                return rate;
            }
        }
    }

    private double perSecond(long began) {
        return messages / ((System.nanoTime() - began) / 1e9);
    }

    private static void check(long number, long expected) {
        if (number != expected) {
            throw new IllegalStateException("message " + number + " came when " + expected + " was expected");
        }
    }

    /** Called by the session's one thread. */
    private final class Counter implements SessionListener {
        final CountDownLatch done = new CountDownLatch(1);
        volatile @Nullable RuntimeException wrong;
        volatile long seen;
        private long lastNanos;
        private boolean reconnected;

        @Override
        public void onDisconnected(@Nullable Throwable cause) {
            reconnected = true;
        }

        @Override
        public void onMessage(Message message) {
            if (done.getCount() == 0) {
                return;
            }
            long now = System.nanoTime();
            try {
                check(EchoPeer.numberOf(message.text()), seen + 1);
            } catch (RuntimeException e) {
                wrong = e;
                done.countDown();
                return;
            }
            if (reconnected && seen > 0) {
                pauseMillis.add((now - lastNanos) / 1e6);
            }
            reconnected = false;
            lastNanos = now;
            seen++;
            if (seen == messages) {
                done.countDown();
            }
        }
    }
}
