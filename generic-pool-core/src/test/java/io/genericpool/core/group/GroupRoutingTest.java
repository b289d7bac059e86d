package io.genericpool.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.EndpointGroup;
import io.genericpool.EndpointLimits;
import io.genericpool.Lease;
import io.genericpool.PoolConfig;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.group.MemberLoad;
import io.genericpool.group.Routing;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Which member serves a request where all could. */
class GroupRoutingTest {
    private static final int SIZE = 8;

    private static GroupWorld filled(Routing<? super String> routing) {
        var g = GroupWorld.of(SIZE, routing);
        for (String member : GroupWorld.MEMBERS) {
            g.world.fill(member, SIZE);
        }
        return g;
    }

    private static List<String> taken(EndpointGroup<String, FakeConnection<String>> group, int count) {
        List<Lease<String, FakeConnection<String>>> leases = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            leases.add(group.connection());
        }
        List<String> endpoints = leases.stream().map(Lease::endpoint).toList();
        leases.forEach(Lease::release);
        return endpoints;
    }

    @Test
    void inOrderTheFirstComesFirst() {
        var g = filled(Routing.inOrder());
        assertThat(taken(g.group, SIZE + 1)).startsWith("a", "a").endsWith("a", "b");
        g.verify(SIZE, 100);
    }

    @Test
    void leasesAreToldByLabelToo() {
        var g = new GroupWorld(
                Routing.inOrder(), knobs -> knobs.maxSize(1).endpointLabel(e -> e.equals("c") ? "third" : "first two"));
        for (String member : GroupWorld.MEMBERS) {
            g.world.fill(member, 1);
        }
        assertThat(taken(g.group, 2)).containsExactly("a", "b");
        assertThat(g.group.stats().leases()).containsEntry("a", 1L).containsEntry("b", 1L);
        assertThat(g.group.stats().leasesByLabel()).containsExactly(Map.entry("first two", 2L), Map.entry("third", 0L));
        assertThat(g.group.stats()).asString().contains("leases {first two=2, third=0}");
        g.verify(1, 100);
    }

    @Test
    void roundRobinTakesTurns() {
        var g = filled(Routing.roundRobin());
        assertThat(taken(g.group, 6)).containsExactly("a", "b", "c", "a", "b", "c");
        g.verify(SIZE, 100);
    }

    /** The first tier has one member, which is in use: the turns of the second are their own. */
    @Test
    void roundRobinTakesTurnsInALaterTierToo() {
        var g = filled(Routing.roundRobin().tier(member -> member.equals("a") ? 0 : 1));
        assertTurnsBehindFirstTier(g);
    }

    private static void assertTurnsBehindFirstTier(GroupWorld g) {
        var held = g.world.leases("a", SIZE);
        List<String> served = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            var lease = g.group.tryConnection().orElseThrow();
            served.add(lease.endpoint());
            g.world.release(lease);
        }
        assertThat(served).containsExactly("b", "c", "b", "c");
        held.forEach(g.world::release);
        g.verify(SIZE, 100);
    }

    /** A smaller tier behind it does not set its turn back. */
    @Test
    void roundRobinTakesTurnsInEachOfSeveralLaterTiers() {
        var g = filled(Routing.roundRobin().tier(member -> member.equals("a") ? 0 : member.equals("d") ? 2 : 1));
        g.group.members(List.of("a", "b", "c", "d"));
        assertTurnsBehindFirstTier(g);
    }

    @Test
    void roundRobinGoesOnWhenMembersChange() {
        var g = filled(Routing.roundRobin());
        assertThat(taken(g.group, 2)).containsExactly("a", "b");
        g.group.members(List.of("c", "b"));
        assertThat(taken(g.group, 3)).containsExactly("c", "b", "c");
        g.verify(SIZE, 100);
    }

    @Test
    void futuresAndTriesTakeTurnsWithCalls() {
        var g = filled(Routing.roundRobin());
        assertThat(taken(g.group, 1)).containsExactly("a");
        assertThat(g.ask().join().endpoint()).isEqualTo("b");
        assertThat(g.group.tryConnection().orElseThrow().endpoint()).isEqualTo("c");
        assertThat(taken(g.group, 1)).containsExactly("a");
        assertThat(g.group.stats().leases())
                .containsEntry("a", 2L)
                .containsEntry("b", 1L)
                .containsEntry("c", 1L);
    }

    /** Within one tick, where no load is read anew but by chance. */
    @Test
    void leastLoadedCountsItsOwnLeasesAtOnceAndThoseOfOthersInTheNextTick() {
        var g = governed(Routing.leastLoaded()); // idle connections need no check after a tick
        for (String member : GroupWorld.MEMBERS) {
            g.world.fill(member, SIZE);
        }
        List<String> first = taken(g.group, 3 * SIZE);
        assertThat(first.stream().limit(3)).containsExactlyInAnyOrder("a", "b", "c");
        for (String member : GroupWorld.MEMBERS) {
            assertThat(first.stream().filter(member::equals)).hasSize(SIZE);
        }
        var held = new ArrayList<>(g.world.leases("a", 4));
        held.addAll(g.world.leases("b", 3));
        g.world.advance(Duration.ofSeconds(2));
        assertThat(taken(g.group, 3)).containsExactly("c", "c", "c");
        held.forEach(g.world::release);
        g.verify(SIZE, 100);
    }

    @Test
    void leastLoadedSeesWhatIsReleasedInTheNextTick() {
        var g = governed(Routing.leastLoaded()); // idle connections need no check after a tick
        for (String member : GroupWorld.MEMBERS) {
            g.world.fill(member, SIZE);
        }
        var b = g.world.leases("b", 2);
        var c = g.world.leases("c", 2);
        var a = g.world.leases("a", 5);
        assertThat(taken(g.group, 1)).doesNotContain("a");
        a.forEach(g.world::release);
        g.world.advance(Duration.ofSeconds(2));
        assertThat(taken(g.group, 1)).containsExactly("a");
        b.forEach(g.world::release);
        c.forEach(g.world::release);
        g.verify(SIZE, 100);
    }

    @Test
    void leastLoadedEvensOut() {
        var g = filled(Routing.leastLoaded());
        var held = g.world.leases("b", 3);
        List<String> taken = taken(g.group, 6);
        assertThat(taken).as("until they have three each").doesNotContain("b");
        assertThat(taken.stream().filter("a"::equals)).hasSize(3);
        held.forEach(g.world::release);
        g.verify(SIZE, 100);
    }

    @Test
    void leastLoadedCountsPerUnitOfSize() {
        var g = new GroupWorld(Routing.leastLoaded(), knobs -> knobs.maxSize(SIZE)
                .endpointLimits(e -> e.equals("a") ? EndpointLimits.of(0, 2) : null));
        g.world.fill("a", 2);
        g.world.fill("b", SIZE);
        g.group.members(List.of("a", "b"));
        var a = g.world.lease("a"); // half of what it may have
        var b = g.world.leases("b", 3); // less than half
        assertThat(taken(g.group, 1)).containsExactly("b");
        g.world.release(a);
        b.forEach(g.world::release);
        g.verify(SIZE, 100);
    }

    @Test
    void manyMembersShareTheLoadToo() {
        var g = GroupWorld.of(SIZE, Routing.leastLoaded());
        List<String> members = List.of("m1", "m2", "m3", "m4", "m5", "m6");
        members.forEach(member -> g.world.fill(member, SIZE));
        g.group.members(members);
        List<String> taken = taken(g.group, 6 * SIZE);
        members.forEach(
                member -> assertThat(taken.stream().filter(member::equals)).hasSize(SIZE));
        g.verify(SIZE, 100);
    }

    /** With weights of 1 and a million, the other one has no more than a few of a thousand. */
    @Test
    void weightsDecideByChance() {
        var g = filled(Routing.weighted(member -> member.equals("b") ? 1e9 : 1));
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            taken.addAll(taken(g.group, 1));
        }
        assertThat(taken).contains("b");
        assertThat(taken.stream().filter("b"::equals).count()).isGreaterThan(990);
        g.verify(SIZE, 100);
    }

    /** The parts are 1, 2 and 5 of 8, and the deviation is less than six times the standard one. */
    @Test
    void weightsAreInProportion() {
        var weights = Map.of("a", 1.0, "b", 2.0, "c", 5.0);
        var g = filled(Routing.weighted(weights::get));
        int count = 8_000;
        for (int i = 0; i < count; i++) {
            g.group.connection().release();
        }
        weights.forEach((member, weight) -> assertThat(g.group.stats().leases().get(member))
                .as(member)
                .isBetween((long) (count * weight / 8) - 260, (long) (count * weight / 8) + 260));
        g.verify(SIZE, 100);
    }

    @Test
    void aKeyKeepsItsMemberAndFewMoveWhenMembersChange() {
        var key = new AtomicLong();
        var g = filled(Routing.byKey(key::get));
        List<String> before = new ArrayList<>();
        Set<String> used = new HashSet<>();
        for (int k = 0; k < 300; k++) {
            key.set(k);
            List<String> twice = new ArrayList<>(taken(g.group, 1));
            twice.addAll(taken(g.group, 1));
            assertThat(twice.get(0)).isEqualTo(twice.get(1));
            before.add(twice.get(0));
            used.add(twice.get(0));
        }
        assertThat(used).containsExactlyInAnyOrder("a", "b", "c");

        g.group.members(List.of("c", "a"));

        for (int k = 0; k < 300; k++) {
            key.set(k);
            if (!before.get(k).equals("b")) {
                assertThat(taken(g.group, 1)).containsExactly(before.get(k));
            }
        }
        g.verify(SIZE, 100);
    }

    @Test
    void aRankingOfTheUsersSeesTheLoads() {
        List<MemberLoad<? extends String>> seen = new ArrayList<>();
        var g = filled(Routing.custom(members -> {
            seen.clear();
            seen.addAll(members);
            return List.of("c", "a");
        }));
        var held = g.world.leases("a", 2);
        assertThat(taken(g.group, SIZE + 1)).startsWith("c").endsWith("a");
        MemberLoad<? extends String> a = seen.get(0);
        assertThat(a.endpoint()).isEqualTo("a");
        assertThat(a.leased()).isEqualTo(2);
        assertThat(a.waiting()).isZero();
        assertThat(a.connecting()).isZero();
        assertThat(a.effectiveMaxSize()).isEqualTo(SIZE);
        assertThat(a.isPaused()).isFalse();
        assertThat(a.load()).isEqualTo(2.0 / SIZE);
        held.forEach(g.world::release);
        g.verify(SIZE, 100);
    }

    @Test
    void aTierComesBeforeTheLoadOfAnother() {
        var g = filled(Routing.leastLoaded().tier(member -> member.equals("a") ? 0 : 1));
        assertThat(taken(g.group, SIZE)).containsOnly("a");
        assertThat(taken(g.group, 3 * SIZE)).contains("b", "c");
        g.verify(SIZE, 100);
    }

    @Test
    void aMemberFarAboveItsPartRetiresIdleConnectionsSlowly() {
        var g = GroupWorld.of(SIZE, Routing.leastLoaded());
        g.world.fill("a", SIZE);
        g.world.fill("b", 1);

        g.world.advance(Duration.ofSeconds(3));
        int soon = g.world.stats("a").idle();
        g.world.advance(Duration.ofSeconds(20));

        assertThat(soon).as("one a second").isBetween(SIZE - 4, SIZE - 2);
        assertThat(g.world.stats("a").idle()).as("twice its part").isBetween(2, 4);
        assertThat(g.world.stats("b").idle()).isOne();
        g.verify(SIZE, 100);
    }

    @Test
    void thoseThatAreToComeFirstKeepWhatTheyHave() {
        var g = GroupWorld.of(SIZE, Routing.inOrder());
        g.world.fill("a", SIZE);
        g.world.fill("b", 1);
        g.world.advance(Duration.ofSeconds(20));
        assertThat(g.world.stats("a").idle()).isEqualTo(SIZE);
        g.verify(SIZE, 100);
    }

    private static GroupWorld governed(Routing<? super String> routing) {
        return new GroupWorld(routing, knobs -> knobs.maxSize(SIZE)
                .alivenessBypass(PoolConfig.NO_LIMIT)
                .connectGovernor(CircuitGovernor.builder()
                        .backoffJitter(0)
                        .failFastAfter(1)
                        .build()));
    }

    private static void fail(GroupWorld g, String member) {
        g.world.manager.script(Operation.CREATE, member).next(Behaviour.fail(new IOException("down")));
        assertThat(g.world.ask(member)).isCompletedExceptionally();
    }

    /** One that was paused until lately has no load because of that: it counts as loaded as the others are. */
    @Test
    void aMemberThatCameBackIsSpared() {
        var g = governed(Routing.leastLoaded());
        g.world.fill("b", SIZE);
        g.world.fill("c", SIZE);
        var held = new ArrayList<>(g.world.leases("b", 5));
        held.addAll(g.world.leases("c", 4));
        fail(g, "a");
        assertThat(taken(g.group, 1)).as("while a is paused").containsExactly("c");
        g.world.advance(Duration.ofSeconds(2)); // more than a tick, after which all loads are looked at anew
        g.world.fill("a", SIZE);

        assertThat(taken(g.group, 1)).as("the mean of the others is not less").containsExactly("c");
        g.world.advance(Duration.ofSeconds(11));

        assertThat(taken(g.group, 1)).containsExactly("a");
        held.forEach(g.world::release);
        g.verify(SIZE, 100);
    }

    @Test
    void aMemberThatCameBackIsSparedAlsoWhenTheMembersHaveChanged() {
        var g = governed(Routing.leastLoaded());
        g.world.fill("b", SIZE);
        g.world.fill("c", SIZE);
        var held = new ArrayList<>(g.world.leases("b", 5));
        held.addAll(g.world.leases("c", 4));
        fail(g, "a");
        assertThat(taken(g.group, 1)).as("while a is paused").containsExactly("c");
        g.group.members(List.of("c", "b", "a"));
        g.world.advance(Duration.ofSeconds(2));
        g.world.fill("a", SIZE);

        assertThat(taken(g.group, 1)).containsExactly("c");
        held.forEach(g.world::release);
        g.verify(SIZE, 100);
    }

    @Test
    void attemptsAtAMemberThatCameBackArePaced() {
        var g = governed(Routing.inOrder());
        g.world.manager.script(Operation.CREATE, "a").next(Behaviour.fail(new IOException("down")));
        g.world.release(g.ask().join()); // b serves it
        g.world.pool.evict("b");
        g.world.advance(Duration.ofMillis(200));
        g.world.holdConnects(true);
        var first = g.ask();
        var second = g.ask();
        var plain = g.world.ask("a");
        assertThat(g.world.stats("a").connecting())
                .as("one for the group, and one for itself")
                .isEqualTo(2);
        assertThat(g.world.stats("b").connecting()).isOne();
        g.world.holdConnects(false);
        List.of(first, second, plain).forEach(request -> g.world.release(request.join()));
        g.world.advance(Duration.ofSeconds(11));
        g.world.pool.evict("b");
        var all = g.world.leases("a", g.world.stats("a").idle());
        g.world.holdConnects(true);
        var later = List.of(g.ask(), g.ask());
        assertThat(g.world.stats("a").connecting())
                .as("the time of sparing is over")
                .isEqualTo(2);
        g.world.holdConnects(false);
        all.forEach(g.world::release);
        later.forEach(request -> g.world.release(request.join()));
        g.verify(SIZE, 100);
    }
}
