package io.genericpool.replay.internal.flight;

import io.genericpool.replay.recording.Knobs;
import io.genericpool.replay.recording.Recording;
import io.genericpool.replay.recording.RecordingBuilder;
import io.genericpool.replay.recording.RecordingException;
import io.genericpool.support.Nanos;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/** Reads the events of one pool from a flight recording, in one pass. */
public final class FlightReader {
    private static final String PREFIX = "genericpool.";
    private static final String HOW =
            "; enable genericpool.Lease in the recording before the pool is built (docs/replay.md)";

    private final Path file;
    private final @Nullable String wanted;
    private final Set<String> pools = new TreeSet<>();
    private @Nullable RecordingBuilder builder;
    private String pool = "";
    private @Nullable Instant origin;
    private final List<long[]> leases = new ArrayList<>();
    private final List<long[]> leaseTimes = new ArrayList<>();
    private long toFlight = Long.MAX_VALUE;

    private FlightReader(Path file, @Nullable String wanted) {
        this.file = file;
        this.wanted = wanted;
    }

    /**
     * Reads a recording.
     *
     * @param pool the name of the pool; null where there is only one
     */
    public static Recording read(Path file, @Nullable String pool) throws IOException {
        return new FlightReader(file, pool).read();
    }

    private Recording read() throws IOException {
        try (var events = new RecordingFile(file)) {
            while (events.hasMoreEvents()) {
                RecordedEvent event = events.readEvent();
                if (event.getEventType().getName().startsWith(PREFIX)) {
                    take(event);
                }
            }
        } catch (IOException | RuntimeException e) {
            if (e instanceof RecordingException) {
                throw e;
            }
            throw new RecordingException(file + " is no flight recording, or is truncated: " + e.getMessage(), e);
        }
        if (wanted == null && pools.size() > 1) {
            throw new RecordingException(file + " has several pools; name one of " + pools);
        }
        RecordingBuilder read = builder;
        if (read == null) {
            String others = pools.isEmpty() ? "" : "; it has " + pools;
            throw new RecordingException(
                    file + " has no events of " + (wanted == null ? "a pool" : "pool " + wanted) + others + HOW);
        }
        if (leases.isEmpty()) {
            throw new RecordingException(file + " holds no acquires of pool " + pool + HOW);
        }
        addLeases(read);
        return read.build();
    }

    private void take(RecordedEvent event) {
        String name = event.getString("pool");
        pools.add(name);
        if (wanted != null && !wanted.equals(name)) {
            return;
        }
        RecordingBuilder into = builder;
        if (into == null) {
            into = new RecordingBuilder(name);
            builder = into;
            pool = name;
        }
        if (!pool.equals(name)) {
            return; // refused in the end, with all names
        }
        switch (event.getEventType().getName().substring(PREFIX.length())) {
            case "Lease" -> lease(event, into);
            case "Wait" -> failure(event, into);
            case "Connect" ->
                into.connect(
                        endpoint(event, into),
                        at(event.getEndTime()),
                        Nanos.of(event.getDuration()),
                        event.getString("outcome").equals("opened"));
            case "Dispose" -> dispose(event, into);
            case "Knobs" -> into.knobs(knobs(event));
            case "State" -> into.openLeases(event.getInt("leased"));
            case "Close" -> into.openLeases(event.getInt("revoked"));
            default -> {}
        }
    }

    private long at(Instant time) {
        Instant first = origin;
        if (first == null) {
            origin = time;
            return 0;
        }
        return Nanos.of(Duration.between(first, time));
    }

    private static int endpoint(RecordedEvent event, RecordingBuilder into) {
        return into.endpoint(event.getString("endpoint"));
    }

    private void lease(RecordedEvent event, RecordingBuilder into) {
        long[] times = {
            Nanos.of(event.getDuration("waited")),
            Nanos.of(event.getDuration("handOver")),
            Nanos.of(event.getDuration("held"))
        };
        long endedAt = event.getLong("endedAt");
        toFlight = Math.min(toFlight, at(event.getEndTime()) - endedAt);
        long[] lease = {
            endpoint(event, into), endedAt, event.getLong("requester"), event.getBoolean("invalidated") ? 1 : 0
        };
        leases.add(lease);
        leaseTimes.add(times);
    }

    /** Their times are by the pool's clock, which is exact. The event that was recorded fastest tells how the two clocks differ. */
    private void addLeases(RecordingBuilder into) {
        for (int i = 0; i < leases.size(); i++) {
            long[] lease = leases.get(i);
            into.lease((int) lease[0], lease[1] + toFlight, leaseTimes.get(i), lease[2], lease[3] != 0);
        }
    }

    private void failure(RecordedEvent event, RecordingBuilder into) {
        String outcome = event.getString("outcome");
        if (!outcome.equals("granted") && !outcome.equals("cancelled")) {
            RecordedThread thread = event.getThread();
            into.failure(
                    endpoint(event, into),
                    at(event.getEndTime()),
                    Nanos.of(event.getDuration()),
                    thread == null ? 0 : thread.getJavaThreadId(),
                    outcome.equals("timed_out"));
        }
    }

    private void dispose(RecordedEvent event, RecordingBuilder into) {
        String reason = event.getString("reason");
        boolean isEviction = reason.equals("EVICTED");
        if (isEviction || reason.equals("DEAD") || reason.equals("HOOK_FAILED")) {
            into.death(endpoint(event, into), at(event.getEndTime()), Nanos.of(event.getDuration("age")), isEviction);
        }
    }

    private static Knobs knobs(RecordedEvent event) {
        return new Knobs(
                event.getInt("maxSize"),
                event.getInt("totalMaxSize"),
                event.getInt("minIdle"),
                event.getInt("maxWaiters"),
                event.getInt("maxConnectsPerEndpoint"),
                time(event, "acquireTimeout"),
                time(event, "connectTimeout"),
                time(event, "idleTimeout"),
                time(event, "maxLifetime"));
    }

    private static Duration time(RecordedEvent event, String field) {
        return Nanos.toDuration(Nanos.of(event.getDuration(field)));
    }
}
