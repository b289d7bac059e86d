package io.genericpool.spring;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointGroup;
import io.genericpool.EndpointStats;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Status;

/**
 * The health of a group: it is up as long as one of its members is. A member that was not used lately counts as up.
 *
 * @param members the number of members
 * @param up how many of them are up
 * @param status the best status of a member
 */
record GroupHealth(int members, long up, Status status) {
    /** Null when the pool has no open group of this name. */
    static @Nullable GroupHealth of(ConnectionPool<?, ?> pool, String name, Map<?, EndpointStats> stats) {
        EndpointGroup<?, ?> group = pool.groups().get(name);
        if (group == null) {
            return null;
        }
        List<?> members;
        try {
            members = group.members();
        } catch (IllegalStateException e) {
            return null; // it was closed just now
        }
        List<Status> all =
                members.stream().map(member -> statusOf(stats.get(member))).toList();
        long up = all.stream().filter(Status.UP::equals).count();
        Status best = all.contains(Status.OUT_OF_SERVICE) ? Status.OUT_OF_SERVICE : Status.DOWN;
        return new GroupHealth(members.size(), up, up > 0 ? Status.UP : best);
    }

    private static Status statusOf(@Nullable EndpointStats stats) {
        return stats == null ? Status.UP : PoolHealth.statusOf(stats);
    }

    Map<String, Object> details() {
        return Map.of("status", status.getCode(), "members", members, "up", up);
    }
}
