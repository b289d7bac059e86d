package io.genericpool.commons;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class IdentityMapTest {
    private final IdentityMap<String, Integer> map = new IdentityMap<>();

    @Test
    void equalObjectsAreNotMixedUp() {
        var one = new Thing(1);
        var other = new Thing(2);
        assertThat(one).isEqualTo(other);
        map.add("a", one, 1);
        assertThat(map.find("a", other)).isNull();
        map.add("a", other, 2);
        assertThat(map.remove("a", one)).isEqualTo(1);
        assertThat(map.find("a", other)).isEqualTo(2);
        assertThat(map.remove("a", one)).isNull();
    }

    @Test
    void oneObjectUnderTwoEndpointsHasTwoValues() {
        var shared = new Thing(1);
        map.add("a", shared, 1);
        map.add("b", shared, 2);
        map.add("c", shared, 3);
        assertThat(map.find("a", shared)).isEqualTo(1);
        assertThat(map.remove("b", shared)).isEqualTo(2);
        assertThat(map.find("b", shared)).isNull();
        assertThat(map.find("a", shared)).isEqualTo(1);
        assertThat(map.remove("c", shared)).isEqualTo(3);
        assertThat(map.remove("a", shared)).isEqualTo(1);
        assertThat(map.isEmpty()).isTrue();
    }

    @Test
    void anEndpointIsFoundByAnEqualOne() {
        var thing = new Thing(1);
        map.add("a", thing, 1);
        assertThat(map.remove(String.valueOf(new char[] {'a'}), thing)).isEqualTo(1);
    }

    @Test
    void oneObjectTwiceUnderOneEndpointIsTakenOutTwiceTheNewestFirst() {
        var shared = new Thing(1);
        map.add("a", shared, 1);
        map.add("a", shared, 2);
        List<Integer> seen = new ArrayList<>();
        map.forEach((endpoint, value) -> seen.add(value));
        assertThat(seen).containsExactlyInAnyOrder(1, 2);
        assertThat(map.remove("a", shared)).isEqualTo(2);
        assertThat(map.remove("a", shared)).isEqualTo(1);
        assertThat(map.remove("a", shared)).isNull();
    }

    @Test
    void ofManyWhoTakeTheSameValueOutOneGetsIt() throws Exception {
        int threads = 4;
        var shared = new Thing(0);
        var got = new AtomicInteger();
        var barrier = new CyclicBarrier(threads);
        var executor = Executors.newFixedThreadPool(threads);
        try {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                String mine = "endpoint " + t;
                all.add(CompletableFuture.runAsync(() -> takeOut(shared, mine, got, barrier), executor));
            }
            for (var each : all) {
                each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(map.isEmpty()).isTrue();
    }

    /** Rounds in which everybody adds a value of his own to the same chain, then all go for one common value. */
    private void takeOut(Thing shared, String mine, AtomicInteger got, CyclicBarrier barrier) {
        try {
            for (int i = 0; i < 500; i++) {
                if (barrier.await() == 0) {
                    got.set(0);
                    map.add("common", shared, i);
                }
                barrier.await();
                map.add(mine, shared, i);
                if (map.remove("common", shared) != null) {
                    got.incrementAndGet();
                }
                assertThat(map.remove(mine, shared)).isEqualTo(i);
                barrier.await();
                assertThat(got).hasValue(1);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
