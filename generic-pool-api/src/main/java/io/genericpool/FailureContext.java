package io.genericpool;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link PoolException} knows about the failed request. Immutable; created by pools and read through the
 * exception.
 */
public final class FailureContext {
    private final String endpointLabel;
    private final Duration timeout;
    private final Duration waited;
    private final @Nullable EndpointLimits limits;
    private final @Nullable EndpointStats stats;

    /**
     * Creates a context.
     *
     * @param endpointLabel the endpoint's label
     * @param timeout the timeout the caller gave, from the call
     * @param waited the time from the call to the failure
     * @param limits the endpoint's limits at that time; null when the failure came before they were known
     * @param stats the endpoint's statistics at that time; null when the pool does not hold the endpoint
     */
    public FailureContext(
            String endpointLabel,
            Duration timeout,
            Duration waited,
            @Nullable EndpointLimits limits,
            @Nullable EndpointStats stats) {
        this.endpointLabel = Objects.requireNonNull(endpointLabel, "endpointLabel");
        this.timeout = Objects.requireNonNull(timeout, "timeout");
        this.waited = Objects.requireNonNull(waited, "waited");
        this.limits = limits;
        this.stats = stats;
    }

    /**
     * Returns the endpoint's label.
     *
     * @return the label
     */
    public String endpointLabel() {
        return endpointLabel;
    }

    /**
     * Returns the timeout of the request, from its start.
     *
     * @return the time
     */
    public Duration timeout() {
        return timeout;
    }

    /**
     * Returns the time from the start of the request to its failure.
     *
     * @return the time
     */
    public Duration waited() {
        return waited;
    }

    /**
     * Returns the endpoint's limits when the request failed.
     *
     * @return the limits, or empty
     */
    public Optional<EndpointLimits> limits() {
        return Optional.ofNullable(limits);
    }

    /**
     * Returns the endpoint's statistics when the request failed.
     *
     * @return the snapshot, or empty
     */
    public Optional<EndpointStats> stats() {
        return Optional.ofNullable(stats);
    }
}
