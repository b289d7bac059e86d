package io.genericpool.core.outage;

import io.genericpool.DisposeReason;
import io.genericpool.spi.AsyncConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import io.genericpool.testkit.FakePoolClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Servers in virtual time that take some milliseconds to connect to, and can go down in several ways. For one thread. */
final class DrillServer implements AsyncConnectionManager<String, DrillServer.Connection> {
    /** How an endpoint goes down. */
    enum Outage {
        /** Connections are reset, connects refused. */
        RESET,
        /** Connections are dead, which only who uses them finds out; connects are refused. */
        SILENT,
        /** As SILENT, and connects hang. */
        BLACK_HOLE
    }

    static final class Connection {
        final String endpoint;

        @Nullable
        ConnectionSignals signals;

        boolean isBroken;

        Connection(String endpoint) {
            this.endpoint = endpoint;
        }
    }

    private final FakePoolClock clock;
    private final SplittableRandom random;
    private final Map<String, List<Connection>> open = new HashMap<>();
    private final Map<String, Outage> down = new HashMap<>();
    private final Map<String, List<Long>> connects = new HashMap<>();
    private final Map<String, Integer> inFlight = new HashMap<>();
    /** Where a holder has noticed that his connection is dead. */
    final HashSet<String> noticed = new HashSet<>();

    int mostInFlight;

    DrillServer(FakePoolClock clock, SplittableRandom random) {
        this.clock = clock;
        this.random = random;
    }

    void goDown(String endpoint, Outage how) {
        down.put(endpoint, how);
        for (Connection connection : List.copyOf(open.getOrDefault(endpoint, List.of()))) {
            connection.isBroken = true;
            if (how == Outage.RESET && connection.signals != null) {
                connection.signals.dead(new IOException("connection reset"));
            }
        }
    }

    void comeBack(String endpoint) {
        down.remove(endpoint);
        noticed.remove(endpoint);
    }

    /** When connects to an endpoint have begun, in the order of time. */
    List<Long> connects(String endpoint) {
        return connects.computeIfAbsent(endpoint, key -> new ArrayList<>());
    }

    private long millis(int least, int most) {
        return TimeUnit.MICROSECONDS.toNanos(random.nextInt(least * 1_000, most * 1_000));
    }

    @Override
    public CompletableFuture<Connection> createAsync(String endpoint, Duration timeout) {
        connects(endpoint).add(clock.nanoTime());
        mostInFlight = Math.max(mostInFlight, inFlight.merge(endpoint, 1, Integer::sum));
        var result = new CompletableFuture<Connection>();
        if (down.get(endpoint) != Outage.BLACK_HOLE) {
            clock.schedule(() -> connected(endpoint, result), millis(2, 8));
        }
        var unused = result.whenComplete((connection, failure) -> inFlight.merge(endpoint, -1, Integer::sum));
        return result;
    }

    private void connected(String endpoint, CompletableFuture<Connection> result) {
        if (down.containsKey(endpoint)) {
            result.completeExceptionally(new IOException("connection refused"));
            return;
        }
        var connection = new Connection(endpoint);
        open.computeIfAbsent(endpoint, key -> new ArrayList<>()).add(connection);
        result.complete(connection);
    }

    @Override
    public void bind(String endpoint, Connection connection, ConnectionSignals signals) {
        connection.signals = signals;
    }

    @Override
    public CompletionStage<Boolean> checkAlivenessAsync(String endpoint, Connection connection, Duration timeout) {
        var result = new CompletableFuture<Boolean>();
        clock.schedule(() -> result.complete(!connection.isBroken), millis(1, 2));
        return result;
    }

    @Override
    public boolean isFatal(String endpoint, Connection connection, Throwable failure) {
        return failure instanceof IOException;
    }

    @Override
    public CompletableFuture<?> disposeAsync(
            String endpoint, Connection connection, DisposeReason reason, Duration timeout) {
        open.getOrDefault(endpoint, new ArrayList<>()).remove(connection);
        return CompletableFuture.completedFuture(null);
    }
}
