package io.genericpool.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.EndpointGroup;
import io.genericpool.group.Routing;
import io.genericpool.testkit.FakeConnection;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupMetersTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final TestPool test = new TestPool("orders", knobs -> knobs.maxSize(1)
            .endpointLabel(endpoint -> endpoint.startsWith("#") ? "shared" : endpoint));

    @AfterEach
    void close() {
        test.close();
    }

    private double counter(String name, String... tags) {
        return registry.get("genericpool.group." + name)
                .tag("pool", "orders")
                .tags(tags)
                .functionCounter()
                .count();
    }

    /** Reads a meter, as each scrape does, and tells the group and the member of each row there is then. */
    private Set<String> rows(String name) {
        test.renew();
        assertThat(registry.get("genericpool.endpoints").gauge().value()).isNotNegative();
        var rows = new TreeSet<String>();
        for (Meter meter : registry.getMeters()) {
            Meter.Id id = meter.getId();
            if (id.getName().equals("genericpool.group." + name)) {
                String member = id.getTag("endpoint");
                rows.add(id.getTag("group") + (member == null ? "" : " " + member));
            }
        }
        return rows;
    }

    private void lease(EndpointGroup<String, FakeConnection<String>> group) {
        var lease = group.connectionAsync();
        test.tasks.runAll();
        lease.join().close();
    }

    @Test
    void withoutGroupsThereAreNone() {
        test.metrics().endpoints().build().bindTo(registry);
        assertThat(rows("leases")).isEmpty();
        assertThat(rows("spillovers")).isEmpty();
    }

    @Test
    void leasesAreToldByGroupAndMember() {
        var readers = test.pool.group("readers", Routing.inOrder(), "a", "b");
        test.metrics().endpoints().build().bindTo(registry);
        lease(readers);
        lease(readers);
        var held = test.pool.connectionAsync("a");
        test.tasks.runAll();
        lease(readers);
        assertThat(rows("leases")).containsExactly("readers a", "readers b");
        assertThat(counter("leases", "group", "readers", "endpoint", "a")).isEqualTo(2);
        assertThat(counter("leases", "group", "readers", "endpoint", "b")).isEqualTo(1);
        assertThat(counter("spillovers", "group", "readers"))
                .isEqualTo(readers.stats().spillOvers());
        held.join().close();
    }

    @Test
    void membersHaveRowsOnlyWhereEndpointsHave() {
        lease(test.pool.group("readers", Routing.inOrder(), "a", "b"));
        test.metrics().build().bindTo(registry);
        assertThat(rows("leases")).isEmpty();
        assertThat(rows("hedges")).containsExactly("readers");
    }

    @Test
    void membersOfOneLabelShareARow() {
        var group = test.pool.group("all", Routing.roundRobin(), "#1", "#2");
        test.metrics().endpoints().build().bindTo(registry);
        lease(group);
        lease(group);
        assertThat(rows("leases")).containsExactly("all shared");
        assertThat(counter("leases", "endpoint", "shared")).isEqualTo(2);
    }

    @Test
    void aRankingThatFailsIsCounted() {
        var group = test.pool.group(
                "broken",
                Routing.<String>custom(members -> {
                    throw new IllegalStateException("no idea");
                }),
                "a");
        test.metrics().build().bindTo(registry);
        lease(group);
        assertThat(rows("rankings.failed")).containsExactly("broken");
        assertThat(counter("rankings.failed", "group", "broken"))
                .isPositive()
                .isEqualTo(group.stats().rankingFailures());
    }

    @Test
    void rowsComeAndGoWithGroupsAndMembers() {
        ConnectionPoolMetrics metrics = test.metrics().endpoints().build();
        metrics.bindTo(registry);
        var first = test.pool.group("first", Routing.inOrder(), "a", "b");
        var second = test.pool.group("second", Routing.inOrder(), "a");
        assertThat(rows("leases")).containsExactly("first a", "first b", "second a");
        first.members(List.of("b", "c"));
        assertThat(rows("leases")).containsExactly("first b", "first c", "second a");
        second.close();
        assertThat(rows("leases")).containsExactly("first b", "first c");
        assertThat(rows("spillovers")).containsExactly("first");
        metrics.close();
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void aGroupThatIsMadeAnewBeginsAtZero() {
        test.metrics().endpoints().build().bindTo(registry);
        var first = test.pool.group("readers", Routing.inOrder(), "a");
        lease(first);
        assertThat(rows("leases")).containsExactly("readers a");
        first.close();
        lease(test.pool.group("readers", Routing.inOrder(), "b"));
        assertThat(rows("leases")).containsExactly("readers b");
        assertThat(counter("leases", "endpoint", "b")).isEqualTo(1);
    }

    @Test
    void theNumberOfRowsIsBounded() {
        test.metrics().endpoints(3).build().bindTo(registry);
        for (int i = 0; i < 120; i++) {
            test.pool.group("g" + i, Routing.inOrder(), "a", "b");
        }
        assertThat(rows("spillovers")).hasSize(100);
        assertThat(rows("leases")).hasSize(3);
    }

    @Test
    void aRowKeepsItsPlace() {
        test.metrics().endpoints(2).build().bindTo(registry);
        var group = test.pool.group("readers", Routing.inOrder(), "m", "n");
        assertThat(rows("leases")).containsExactly("readers m", "readers n");
        group.members(IntStream.range(0, 20)
                .mapToObj(i -> i < 10 ? "a" + i : i == 10 ? "n" : "z" + i)
                .toList());
        assertThat(rows("leases")).containsExactly("readers a0", "readers n");
    }
}
