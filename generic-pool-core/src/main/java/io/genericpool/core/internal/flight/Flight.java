package io.genericpool.core.internal.flight;

import io.genericpool.CircuitStats;
import io.genericpool.CloseReport;
import io.genericpool.PoolConfig;
import io.genericpool.PoolStats;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is recorded of pools; nothing where the module {@code jdk.jfr} is absent. Called without a lock. */
public abstract class Flight {
    /** Records nothing. */
    public static final Flight NONE = new Flight() {};

    private static final String RECORDING = "io.genericpool.core.internal.flight.RecordingFlight";

    private static final Flight SHARED = find();

    Flight() {}

    /** The one of this process. */
    public static Flight shared() {
        return SHARED;
    }

    private static Flight find() {
        try {
            return Class.forName(RECORDING, true, Flight.class.getClassLoader())
                    .asSubclass(Flight.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (Throwable e) { // its superclass is absent, or the recorder must not be used
            return NONE;
        }
    }

    /** A connection attempt begins; null when it is not recorded. */
    public @Nullable FlightSpan connect() {
        return null;
    }

    /** An acquire begins that may have to wait; null when it is not recorded. */
    public @Nullable FlightSpan acquire() {
        return null;
    }

    /** A close begins; null when it is not recorded. */
    public @Nullable CloseSpan close() {
        return null;
    }

    /** The close of a pool that is being recorded. */
    public interface CloseSpan {
        /** It ends now, and is recorded. */
        void commit(String pool, CloseReport report);
    }

    /** Whether disposals are recorded. */
    public boolean hearsDisposals() {
        return false;
    }

    public void disposed(String pool, String endpoint, String reason, long ageNanos, long leases) {}

    /** Whether changes of circuits are recorded. */
    public boolean hearsCircuits() {
        return false;
    }

    public void circuit(String pool, String endpoint, String before, CircuitStats after) {}

    /** Whether leaks are recorded. */
    public boolean hearsLeaks() {
        return false;
    }

    public void leaked(String pool, String endpoint, long heldNanos, String holder) {}

    /** Whether leases are recorded. */
    public boolean hearsLeases() {
        return false;
    }

    public void leased(String pool, String endpoint, LeaseTimes times, long requester, boolean isInvalidated) {}

    /**
     * Records how a pool stands, from time to time while a recording runs.
     *
     * @param config its knobs, which are copied
     * @param stats read by a thread of the recorder; held weakly
     * @return ends it
     */
    public Runnable watch(String pool, PoolConfig config, Supplier<PoolStats> stats) {
        return () -> {};
    }
}
