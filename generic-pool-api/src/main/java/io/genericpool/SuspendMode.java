package io.genericpool;

/** What happens to those who ask for a connection while its endpoint is suspended. */
public enum SuspendMode {
    /** They wait, within their own deadline, until the endpoint is resumed. */
    WAIT,
    /** They, and those who wait already, fail at once with {@link EndpointUnavailableException}. */
    FAIL
}
