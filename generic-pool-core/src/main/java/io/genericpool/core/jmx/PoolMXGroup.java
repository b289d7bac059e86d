package io.genericpool.core.jmx;

import java.util.Map;

/** One group as JMX shows it: a composite of the attributes of its {@link io.genericpool.group.GroupStats}. */
public interface PoolMXGroup {
    /**
     * The name of the group.
     *
     * @return the name
     */
    String getGroup();

    /**
     * Leases that each current member has granted to requests of the group.
     *
     * @return the numbers by the label of the member
     */
    Map<String, Long> getLeases();

    /**
     * Connection attempts that were left to another member.
     *
     * @return the number
     */
    long getSpillOvers();

    /**
     * Requests that were allowed a second connection attempt.
     *
     * @return the number
     */
    long getHedges();

    /**
     * Rankings that failed.
     *
     * @return the number
     */
    long getRankingFailures();
}
