package io.genericpool.console.internal.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.ConnectionPool;
import io.genericpool.core.ConnectionPools;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ScriptedManager;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The console reads the snapshot that all observers of a pool share, and a new one each time. */
@Timeout(60)
class SharedSnapshotTest {
    private final FakeFeedClock clock = new FakeFeedClock();
    private final FakePoolClock poolClock = new FakePoolClock();
    private final AtomicInteger walks = new AtomicInteger();
    private final ConnectionPool<String, FakeConnection<String>> pool = ConnectionPools.builder(
                    ScriptedManager.<String>plain())
            .clock(poolClock)
            .connectExecutor(Runnable::run)
            .completionExecutor(Runnable::run)
            .backgroundCollector(false)
            .endpointLabel(endpoint -> {
                walks.incrementAndGet(); // each walk asks for the one label once
                return endpoint;
            })
            .build();

    SharedSnapshotTest() {
        pool.connection("a").close();
        walks.set(0);
    }

    @AfterEach
    void close() {
        pool.close(Duration.ZERO);
    }

    private void pass(Duration time) {
        clock.advance(time);
        poolClock.advance(time);
    }

    private interface Call {
        void before(String method);
    }

    /** The pool, what is called before each of its methods, and the snapshots that it gave. */
    @SuppressWarnings("unchecked")
    private ConnectionPool<String, Object> watched(Call call, List<Object> answers) {
        return (ConnectionPool<String, Object>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ConnectionPool.class}, (proxy, method, arguments) -> {
                    call.before(method.getName());
                    Object answer = method.invoke(pool, arguments);
                    if (method.getName().equals("recentEndpointStats")) {
                        answers.add(answer);
                    }
                    return answer;
                });
    }

    private Feed feedOf(ConnectionPool<String, ?> shown) {
        return new Feed(List.of(new PoolFeed<>(shown, null, clock)), clock);
    }

    @Test
    void nothingElseOfAPoolIsAskedFor() {
        Set<String> asked = new TreeSet<>();
        Feed feed = feedOf(watched(asked::add, new ArrayList<>()));
        asked.clear(); // the name
        feed.join("reader");
        feed.step();
        pass(Duration.ofSeconds(1));
        feed.step();
        assertThat(asked).containsExactly("groups", "isClosed", "recentEndpointStats", "recentStats");
    }

    @Test
    void severalConsolesAndAnotherObserverCostOneWalkPerSecond() {
        Feed one = feedOf(pool);
        Feed other = feedOf(pool);
        one.join("reader");
        other.join("reader");
        for (int second = 1; second <= 5; second++) {
            one.step();
            other.step();
            assertThat(pool.recentEndpointStats()).containsOnlyKeys("a");
            assertThat(walks).hasValue(second);
            pass(Duration.ofSeconds(1));
        }
        assertThat(one.samples()).isEqualTo(5);
        assertThat(other.samples()).isEqualTo(5);
    }

    @Test
    void eachSampleHasASnapshotOfItsOwnWhateverTimeSamplingTakes() {
        var answers = new ArrayList<Object>();
        var turns = new AtomicInteger();
        Feed feed = feedOf(watched(
                method -> {
                    if (method.equals("isClosed")) { // before the snapshot: a slow sample, then a fast one
                        pass(Duration.ofMillis(turns.getAndIncrement() % 2 == 0 ? 5 : 1));
                    }
                },
                answers));
        feed.join("reader");
        while (feed.samples() < 6) {
            feed.step();
            pass(Duration.ofMillis(1));
        }
        Set<Object> snapshots = Collections.newSetFromMap(new IdentityHashMap<>());
        snapshots.addAll(answers);
        assertThat(snapshots).hasSize(6);
    }
}
