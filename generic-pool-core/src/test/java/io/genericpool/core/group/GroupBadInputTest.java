package io.genericpool.core.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.EndpointLimits;
import io.genericpool.event.GroupEvent;
import io.genericpool.event.PoolListener;
import io.genericpool.group.Ranking;
import io.genericpool.group.Routing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes are told at once and by name, and those at run time lose no request. */
class GroupBadInputTest {
    private final GroupWorld g = GroupWorld.of(2, Routing.inOrder());
    private final Routing<String> inOrder = Routing.inOrder();

    @Test
    void aGroupNeedsMembersThatDiffer() {
        assertThatThrownBy(() -> g.world.pool.group("h", inOrder, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 1 member");
        assertThatThrownBy(() -> g.world.pool.group("h", inOrder, "a", "b", "a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a is named twice");
        assertThatThrownBy(() -> g.world.pool.group("h", inOrder, Arrays.asList("a", null)))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("endpoint");
        assertThat(g.world.pool.groups()).containsOnlyKeys("g");
    }

    @Test
    void aNameIsNeededAndItsOwn() {
        assertThatThrownBy(() -> g.world.pool.group("g", inOrder, "a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("group g exists already");
        assertThatThrownBy(() -> g.world.pool.group(" ", inOrder, "a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("blank");
        assertThatThrownBy(() -> g.world.pool.group(null, inOrder, "a"))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("name");
        assertThatThrownBy(() -> g.world.pool.group("h", null, "a"))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("routing");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void aWeightIsMoreThanZero(double weight) {
        assertThatThrownBy(() -> g.world.pool.group("h", Routing.weighted(e -> weight), "a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the weight of a")
                .hasMessageContaining(String.valueOf(weight));
    }

    @Test
    void timesAreMoreThanZero() {
        assertThatThrownBy(() -> inOrder.spillAfter(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("spillAfter must be more than zero");
        assertThatThrownBy(() -> inOrder.hedgeAfter(Duration.ofMillis(-5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-5 ms");
        assertThatThrownBy(() -> g.group.connection(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1 ms");
        assertThatThrownBy(() -> Routing.custom(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Routing.byKey(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Routing.weighted(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> inOrder.tier(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void aMemberWithWrongLimitsIsRefused() {
        var other = new GroupWorld(inOrder, knobs -> knobs.maxSize(2)
                .totalMaxSize(4)
                .endpointLimits(e -> e.equals("bad") ? EndpointLimits.of(0, 9) : null));
        assertThatThrownBy(() -> other.group.members(List.of("a", "bad")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("9");
        assertThat(other.group.members()).containsExactly("a", "b", "c");
    }

    @Test
    void aClosedGroupIsNotUsedAnyMoreAndItsNameIsFree() {
        g.group.close();
        g.group.close();
        assertThatThrownBy(g.group::connection)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("group g is closed");
        assertThatThrownBy(g.group::connectionAsync).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> g.group.members(List.of("a"))).isInstanceOf(IllegalStateException.class);
        assertThat(g.world.pool.groups()).isEmpty();
        try (var again = g.world.pool.group("g", inOrder, "a")) {
            assertThat(again.members()).containsExactly("a");
        }
        g.world.pool.close();
        assertThatThrownBy(() -> g.world.pool.group("h", inOrder, "a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is closed");
    }

    @Test
    void aCloseDoesNotWaitForAFunctionOfThePolicy() throws Exception {
        var isAsked = new CountDownLatch(1);
        var goesOn = new CountDownLatch(1);
        var group = g.world.pool.group(
                "h",
                inOrder.tier(member -> {
                    if (member.equals("slow")) {
                        isAsked.countDown();
                        await(goesOn);
                    }
                    return 0;
                }),
                "a");
        // a thread each: the JDK's common pool may have one only
        var change = CompletableFuture.runAsync(
                () -> group.members(List.of("slow")), task -> new Thread(task, "change").start());
        await(isAsked);

        CompletableFuture.runAsync(group::close, task -> new Thread(task, "close").start())
                .get(10, TimeUnit.SECONDS);

        assertThat(g.world.pool.groups()).containsOnlyKeys("g");
        goesOn.countDown();
        assertThatThrownBy(() -> change.get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("group h is closed");
        assertThatThrownBy(group::members).isInstanceOf(IllegalStateException.class);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void membersMayChangeWhileRequestsWait() {
        var one = GroupWorld.of(1, Routing.inOrder());
        var held = List.of(one.world.lease("a"), one.world.lease("b"), one.world.lease("c"));
        var request = one.ask();
        one.group.members(List.of("d", "a"));
        assertThat(one.group.members()).containsExactly("d", "a");
        assertThat(GroupWorld.servedBy(one.ask())).isEqualTo("d");
        one.world.release(held.get(2));
        assertThat(GroupWorld.servedBy(request)).isEqualTo("c");
        assertThat(one.group.stats().leases()).containsOnlyKeys("d", "a");
    }

    // ---- at run time

    private void assertServes(Ranking<String> ranking, String member, long failures, int events) {
        List<GroupEvent<String>> heard = new ArrayList<>();
        var other = new GroupWorld(
                Routing.custom(ranking), knobs -> knobs.maxSize(2).listener(new PoolListener<String>() {
                    @Override
                    public void onGroupEvent(GroupEvent<String> event) {
                        heard.add(event);
                    }
                }));
        var request = other.ask();
        assertThat(GroupWorld.servedBy(request)).isEqualTo(member);
        assertThat(other.group.stats().rankingFailures()).isEqualTo(failures);
        assertThat(heard).hasSize(events).allSatisfy(event -> {
            assertThat(event.kind()).isEqualTo(GroupEvent.Kind.RANKING_FAILED);
            assertThat(event.group()).isEqualTo("g");
            assertThat(event.failure()).isPresent();
        });
        other.world.release(request.join());
        other.verify(2, 100);
    }

    @Test
    void aRankingThatThrowsLosesNoRequest() {
        assertServes(
                members -> {
                    throw new IllegalStateException("no idea");
                },
                "a",
                1,
                1);
    }

    @Test
    void strangersNullsAndRepetitionsAreLeftOut() {
        assertServes(members -> Arrays.asList("x", null, "b", "b"), "b", 3, 0);
    }

    @Test
    void aRankingThatNamesNoMemberIsPassedOver() {
        assertServes(members -> List.of(), "a", 1, 0);
        assertServes(members -> null, "a", 1, 1);
    }

    @Test
    void aMemberThatIsNotNamedDoesNotServe() {
        var other = GroupWorld.of(1, Routing.custom(members -> List.of("b")));
        var first = other.ask();
        var second = other.ask();
        assertThat(GroupWorld.servedBy(first)).isEqualTo("b");
        assertThat(second).isNotDone();
        other.world.release(first.join());
        other.world.release(second.join());
        other.verify(1, 100);
    }

    @Test
    void aKeyThatCannotBeToldFallsBackOnTheDeclaredOrder() {
        var other = GroupWorld.of(1, Routing.byKey(() -> {
            throw new IllegalStateException("no key");
        }));
        var request = other.ask();
        assertThat(GroupWorld.servedBy(request)).isEqualTo("a");
        assertThat(other.group.stats().rankingFailures()).isOne();
        other.world.release(request.join());
        var blocking = other.group.connection();
        assertThat(other.group.stats().rankingFailures()).isEqualTo(2);
        other.world.release(blocking);
        other.verify(1, 100);
    }
}
