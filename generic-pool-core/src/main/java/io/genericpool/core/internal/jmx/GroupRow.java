package io.genericpool.core.internal.jmx;

import io.genericpool.core.jmx.PoolMXGroup;
import io.genericpool.group.GroupStats;
import java.util.Map;

/** One group, as its statistics say. */
record GroupRow(GroupStats<?> stats) implements PoolMXGroup {
    @Override
    public String getGroup() {
        return stats.name();
    }

    @Override
    public Map<String, Long> getLeases() {
        return stats.leasesByLabel();
    }

    @Override
    public long getSpillOvers() {
        return stats.spillOvers();
    }

    @Override
    public long getHedges() {
        return stats.hedges();
    }

    @Override
    public long getRankingFailures() {
        return stats.rankingFailures();
    }
}
