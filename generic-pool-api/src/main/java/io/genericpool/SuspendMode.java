package io.genericpool;

/** What happens to requests for an endpoint while it is suspended. */
public enum SuspendMode {
    /** Requests wait, within their own deadline, until the endpoint is resumed. */
    WAIT,
    /** New and waiting requests fail at once with {@link EndpointUnavailableException}. */
    FAIL
}
