package io.genericpool.replay.internal.engine;

import io.genericpool.DisposeReason;
import io.genericpool.replay.recording.Recording;
import io.genericpool.spi.AsyncConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Opens connections as was recorded, in virtual time, and counts those that are open. */
final class PlayedManager implements AsyncConnectionManager<Integer, PlayedConnection> {
    private static final long WINDOW = 2_000_000_000L;
    private static final CompletableFuture<Boolean> TRUE = CompletableFuture.completedFuture(true);

    private final VirtualClock clock;
    private final List<RecordedConnects> scripts = new ArrayList<>();
    private final RecordedConnects all;
    private final List<Set<PlayedConnection>> open = new ArrayList<>();
    /** While the pool is filled with the connections that it had when the recording began. */
    boolean isWarmingUp;

    private int opened;
    private int failed;
    private int most;
    private long countedAt;
    private double connectionNanos;
    private int present;

    PlayedManager(VirtualClock clock, Recording recording) {
        this.clock = clock;
        var counts = new int[recording.endpoints().size()];
        for (int i = 0; i < recording.connects(); i++) {
            counts[recording.connectEndpoint(i)]++;
        }
        for (int i = 0; i < counts.length; i++) {
            scripts.add(new RecordedConnects(counts[i], WINDOW, i));
            open.add(new LinkedHashSet<>());
        }
        all = new RecordedConnects(recording.connects(), -1, -1);
        for (int i = 0; i < recording.connects(); i++) {
            scripts.get(recording.connectEndpoint(i)).add(recording, i);
            all.add(recording, i);
        }
    }

    @Override
    public CompletionStage<PlayedConnection> createAsync(Integer endpoint, Duration timeout) {
        if (isWarmingUp) {
            return CompletableFuture.completedFuture(opened(endpoint));
        }
        RecordedConnects script = scripts.get(endpoint).isEmpty() ? all : scripts.get(endpoint);
        if (script.isEmpty()) { // the recording has no connect at all: it costs nothing, as far as is known
            return CompletableFuture.completedFuture(opened(endpoint));
        }
        int played = script.next(clock.nanoTime());
        var future = new CompletableFuture<PlayedConnection>();
        CompletableFuture<?> unused = future.whenComplete((connection, failure) -> {
            if (failure != null) { // the pool ends it too, at its connectTimeout
                failed++;
            }
        });
        clock.schedule(() -> end(future, endpoint, script.isConnected(played)), script.took(played));
        return future;
    }

    private void end(CompletableFuture<PlayedConnection> future, int endpoint, boolean isConnected) {
        if (future.isDone()) {
            return;
        }
        if (isConnected) {
            future.complete(opened(endpoint));
        } else {
            future.completeExceptionally(new IOException("as recorded"));
        }
    }

    private PlayedConnection opened(int endpoint) {
        var connection = new PlayedConnection(clock.nanoTime());
        open.get(endpoint).add(connection);
        opened++;
        count(1);
        return connection;
    }

    private void count(int change) {
        long now = clock.nanoTime();
        connectionNanos += (double) present * (now - countedAt);
        countedAt = now;
        present += change;
        most = Math.max(most, present);
    }

    @Override
    public void bind(Integer endpoint, PlayedConnection connection, ConnectionSignals signals) {
        connection.signals = signals;
    }

    @Override
    public CompletionStage<Boolean> checkAlivenessAsync(
            Integer endpoint, PlayedConnection connection, Duration timeout) {
        return TRUE;
    }

    @Override
    public CompletionStage<?> disposeAsync(
            Integer endpoint, PlayedConnection connection, DisposeReason reason, Duration timeout) {
        if (open.get(endpoint).remove(connection)) {
            count(-1);
        }
        return TRUE;
    }

    /** A connection ends as one did in the recording: of those that are open, the one whose age is most like that one's. */
    void die(int endpoint, long age, boolean isEviction) {
        long openedAt = clock.nanoTime() - age;
        PlayedConnection nearest = null;
        for (PlayedConnection each : open.get(endpoint)) {
            if (nearest == null || Math.abs(each.openedAt - openedAt) < Math.abs(nearest.openedAt - openedAt)) {
                nearest = each;
            }
        }
        ConnectionSignals signals = nearest == null ? null : nearest.signals;
        if (signals == null) {
            return;
        }
        if (isEviction) {
            signals.retire();
        } else {
            signals.dead(new IOException("as recorded"));
        }
    }

    /** Begins to count anew. */
    void startCounting() {
        count(0);
        connectionNanos = 0;
        most = present;
        opened = 0;
    }

    int opened() {
        return opened;
    }

    int failed() {
        return failed;
    }

    int most() {
        return most;
    }

    /** How many were open on average, until now. */
    double meanOpen(long since) {
        count(0);
        long span = clock.nanoTime() - since;
        return span <= 0 ? present : connectionNanos / span;
    }
}
