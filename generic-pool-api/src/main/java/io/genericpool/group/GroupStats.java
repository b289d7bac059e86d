package io.genericpool.group;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A snapshot of what an endpoint group has counted since it was created. Immutable; created by groups. The statistics of
 * the members are those of the pool.
 *
 * @param <E> the type of endpoints
 */
public final class GroupStats<E> {
    private final String name;
    private final Map<E, Long> leases;
    private final Map<String, Long> leasesByLabel;
    private final long spillOvers;
    private final long hedges;
    private final long rankingFailures;

    /**
     * Creates a snapshot.
     *
     * @param name the name of the group
     * @param leases the number of leases by member
     * @param leasesByLabel the same by the label of the member
     * @param spillOvers the number of spill-overs
     * @param hedges the number of hedges
     * @param rankingFailures the number of members or rankings that were left out
     */
    public GroupStats(
            String name,
            Map<E, Long> leases,
            Map<String, Long> leasesByLabel,
            long spillOvers,
            long hedges,
            long rankingFailures) {
        this.name = Objects.requireNonNull(name, "name");
        this.leases = Collections.unmodifiableMap(new LinkedHashMap<>(leases));
        this.leasesByLabel = Collections.unmodifiableMap(new LinkedHashMap<>(leasesByLabel));
        this.spillOvers = spillOvers;
        this.hedges = hedges;
        this.rankingFailures = rankingFailures;
    }

    /**
     * Returns the name of the group.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Returns how many leases each current member has granted to requests of this group.
     *
     * @return the numbers by member in their declared order, unmodifiable
     */
    public Map<E, Long> leases() {
        return leases;
    }

    /**
     * Returns the same numbers by the label of the member, for logs and metrics. Members with one label are added up.
     *
     * @return the numbers by label in the declared order of the members, unmodifiable
     */
    public Map<String, Long> leasesByLabel() {
        return leasesByLabel;
    }

    /**
     * Returns how often a connection attempt for a request was left to another member, because the member that was asked
     * before was full, paused, slow ({@code spillAfter}) or has failed. Two requests of which each gets the connection that
     * was opened for the other do not count.
     *
     * @return the number
     */
    public long spillOvers() {
        return spillOvers;
    }

    /**
     * Returns how many requests were allowed a second connection attempt ({@code hedgeAfter}).
     *
     * @return the number
     */
    public long hedges() {
        return hedges;
    }

    /**
     * Returns how often a ranking failed, or named something that is not a member ({@link Ranking}).
     *
     * @return the number
     */
    public long rankingFailures() {
        return rankingFailures;
    }

    /** Returns all numbers, for logs. */
    @Override
    public String toString() {
        return "group " + name + ": leases " + leasesByLabel + ", spillOvers " + spillOvers + ", hedges " + hedges
                + ", rankingFailures " + rankingFailures;
    }
}
