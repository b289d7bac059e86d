package io.genericpool.group;

/**
 * What a ranking is told about one member of a group. The pool reads the values without locks, so they may be a moment
 * old, and they need not fit each other exactly. The object is valid during the call of the ranking only.
 *
 * @param <E> the type of endpoints
 */
public interface MemberLoad<E> {
    /**
     * The member.
     *
     * @return the endpoint
     */
    E endpoint();

    /**
     * The number of connections in use. At an endpoint with more than 32 connections, the number is estimated from a
     * sample.
     *
     * @return zero or more
     */
    int leased();

    /**
     * The number of requests that wait at this member. A request of a group waits at each of its members.
     *
     * @return zero or more
     */
    int waiting();

    /**
     * The number of connection attempts in flight.
     *
     * @return zero or more
     */
    int connecting();

    /**
     * The number of connections that the member may have at the moment: its {@code maxSize}, or less after it reported
     * too many connections.
     *
     * @return 1 or more
     */
    int effectiveMaxSize();

    /**
     * Whether no connection attempt may start at the moment, because earlier ones have failed.
     *
     * @return whether attempts are paused or refused
     */
    boolean isPaused();

    /**
     * The load per unit of size: {@code (leased + waiting + connecting) / effectiveMaxSize}. Above 1, requests wait. A
     * member whose connection attempts were paused until lately has at least the mean load of the others, so that it is not
     * flooded.
     *
     * @return zero or more
     */
    double load();
}
