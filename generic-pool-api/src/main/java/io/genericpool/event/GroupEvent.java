package io.genericpool.event;

/**
 * Something that happened to a request of an endpoint group. The event's endpoint is the member that it is about.
 *
 * @param <E> the type of endpoints
 */
public interface GroupEvent<E> extends PoolEvent<E> {
    /** The kinds of group events. */
    enum Kind {
        /** The request's connection attempt was left to this member, because another one was full, paused, slow or down. */
        SPILLED_OVER,
        /** The request may have a second connection attempt, at this member. */
        HEDGED,
        /** The ranking failed. The event's failure says how, and its endpoint is the first member. */
        RANKING_FAILED
    }

    /**
     * The name of the group.
     *
     * @return the name
     */
    String group();

    /**
     * What happened.
     *
     * @return the kind
     */
    Kind kind();
}
