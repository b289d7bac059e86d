package io.genericpool.console.internal.feed;

import io.genericpool.EndpointGroup;
import io.genericpool.group.GroupStats;
import io.genericpool.support.SafeText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The groups of one pool, as readers see them. Used by the sampling thread only. */
final class Groups {
    /** Groups beyond this number are not shown. */
    static final int MOST = 50;

    /** And members, of all groups together. */
    static final int MOST_MEMBERS = 200;

    /** What readers know of one group. */
    record Line(String name, long spillOvers, long hedges, long rankingFailures, List<Member> members) {}

    /** One member, with its leases to requests of the group. */
    record Member(String label, long leases, long perSecond) {}

    private record Key(String group, String label) {}

    List<Line> lines = List.of();
    /** Since the last frame. */
    boolean changed;

    private Map<Key, Long> before = Map.of();

    void sample(Map<String, ? extends EndpointGroup<?, ?>> groups, long sinceLast) {
        var sampled = new ArrayList<Line>();
        var leases = new HashMap<Key, Long>();
        for (EndpointGroup<?, ?> group : new TreeMap<>(groups).values()) {
            if (sampled.size() < MOST) {
                sampled.add(line(group.stats(), leases, sinceLast));
            }
        }
        before = leases;
        if (!sampled.equals(lines)) {
            lines = sampled;
            changed = true;
        }
    }

    private Line line(GroupStats<?> stats, Map<Key, Long> leases, long sinceLast) {
        var members = new ArrayList<Member>();
        for (Map.Entry<String, Long> member : stats.leasesByLabel().entrySet()) {
            if (leases.size() < MOST_MEMBERS) {
                var key = new Key(stats.name(), member.getKey());
                long count = member.getValue();
                leases.put(key, count);
                long rate = sinceLast == 0 ? 0 : Row.perSecond(count - before.getOrDefault(key, 0L), sinceLast);
                members.add(new Member(SafeText.label(member.getKey()), count, rate));
            }
        }
        return new Line(
                SafeText.label(stats.name()), stats.spillOvers(), stats.hedges(), stats.rankingFailures(), members);
    }
}
