package io.genericpool;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The root of all errors of a pool. Unchecked. Each instance is created for one request, and its cause belongs to that
 * failure only. Serialisation loses the details of the request.
 */
public class PoolException extends GenericPoolException {
    private static final long serialVersionUID = 1L;

    /** Not serialised: statistics need not be serialisable. */
    private final transient @Nullable FailureContext context;

    /**
     * Creates an exception.
     *
     * @param message what happened, with the endpoint's label
     * @param cause the cause, or null
     * @param context the failed request
     */
    public PoolException(String message, @Nullable Throwable cause, FailureContext context) {
        super(message, cause);
        this.context = context;
    }

    /**
     * Returns the label of the requested endpoint.
     *
     * @return the label
     */
    public final String endpointLabel() {
        return context == null ? "" : context.endpointLabel();
    }

    /**
     * Returns the timeout of the request: the caller's own, or the pool's {@code acquireTimeout}.
     *
     * @return the time
     */
    public final Duration timeout() {
        return context == null ? Duration.ZERO : context.timeout();
    }

    /**
     * Returns the time from the call to the failure.
     *
     * @return the time
     */
    public final Duration waited() {
        return context == null ? Duration.ZERO : context.waited();
    }

    /**
     * Returns the endpoint's limits when the request failed.
     *
     * @return the limits, or empty when they were not known yet
     */
    public final Optional<EndpointLimits> limits() {
        return context == null ? Optional.empty() : context.limits();
    }

    /**
     * Returns the endpoint's statistics when the request failed.
     *
     * @return the snapshot, or empty when the pool did not hold the endpoint
     */
    public final Optional<EndpointStats> stats() {
        return context == null ? Optional.empty() : context.stats();
    }
}
