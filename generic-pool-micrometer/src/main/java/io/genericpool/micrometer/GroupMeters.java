package io.genericpool.micrometer;

import io.genericpool.group.GroupStats;
import io.micrometer.core.instrument.Tags;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * The rows of one registry, per group and per member of one. They change only when groups or members do. The number of rows is
 * bounded; what is beyond the bound has none, because the sum of a changing set is no counter.
 */
final class GroupMeters {
    static final String GROUP = "group";
    /** The tag that the meters per endpoint have, so that both can be joined. */
    static final String MEMBER = "endpoint";

    private static final int MOST_GROUPS = 100;

    private final CounterRows<String> spillOvers;
    private final CounterRows<String> hedges;
    private final CounterRows<String> rankingFailures;
    private final CounterRows<Member> leases;

    private final Showing<Map<String, GroupStats<?>>> showing = new Showing<>(this::show, Map.of());

    private record Member(String group, String label) {}

    /**
     * Makes the meters.
     *
     * @param mostMembers how many rows there may be for members of all groups; zero for none
     */
    GroupMeters(MeterSet<PoolReading> meters, int mostMembers) {
        spillOvers = ofGroups(
                meters, "spillovers", "Connection attempts that were left to another member", GroupStats::spillOvers);
        hedges = ofGroups(
                meters, "hedges", "Requests that were allowed a second connection attempt", GroupStats::hedges);
        rankingFailures = ofGroups(meters, "rankings.failed", "Rankings that failed", GroupStats::rankingFailures);
        leases = new CounterRows<>(
                meters,
                "genericpool.group.leases",
                "Leases that a member has granted to requests of the group",
                mostMembers,
                member -> Tags.of(GROUP, member.group, MEMBER, member.label),
                GroupMeters::leases);
    }

    private static CounterRows<String> ofGroups(
            MeterSet<PoolReading> meters, String name, String description, ToLongFunction<GroupStats<?>> count) {
        return new CounterRows<>(
                meters,
                "genericpool.group." + name,
                description,
                MOST_GROUPS,
                group -> Tags.of(GROUP, group),
                (reading, group) -> {
                    GroupStats<?> stats = reading.groups().get(group);
                    return stats == null ? Double.NaN : count.applyAsLong(stats); // it has just been closed
                });
    }

    private static double leases(PoolReading reading, Member member) {
        GroupStats<?> stats = reading.groups().get(member.group);
        Long count = stats == null ? null : stats.leasesByLabel().get(member.label);
        return count == null ? Double.NaN : count; // it has just left
    }

    void update(PoolReading reading) {
        showing.update(reading::groups);
    }

    void close() {
        showing.close();
    }

    private void show(Map<String, GroupStats<?>> groups) {
        Set<String> names = groups.keySet();
        spillOvers.show(names);
        hedges.show(names);
        rankingFailures.show(names);
        var members = new LinkedHashSet<Member>();
        groups.forEach((group, stats) ->
                stats.leasesByLabel().keySet().forEach(label -> members.add(new Member(group, label))));
        leases.show(members);
    }
}
