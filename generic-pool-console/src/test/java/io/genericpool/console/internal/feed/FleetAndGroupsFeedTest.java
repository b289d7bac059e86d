package io.genericpool.console.internal.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.genericpool.ConnectionPool;
import io.genericpool.EndpointGroup;
import io.genericpool.PoolConfig;
import io.genericpool.core.ConnectionPools;
import io.genericpool.group.Routing;
import io.genericpool.spi.SharedLimits;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ManualExecutor;
import io.genericpool.testkit.ScriptedManager;
import io.genericpool.testkit.fleet.FixedShares;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the frames hold of shared limits and of groups. */
@Timeout(60)
class FleetAndGroupsFeedTest {
    private final FakeFeedClock clock = new FakeFeedClock();
    private final FakePoolClock poolClock = new FakePoolClock();
    private final ManualExecutor tasks = new ManualExecutor();
    private ConnectionPool<String, FakeConnection<String>> pool;
    private Feed feed;
    private Subscriber reader;

    private void open(SharedLimits<String> limits) {
        var builder = ConnectionPools.builder(ScriptedManager.<String>plain())
                .name("orders")
                .maxSize(4)
                .clock(poolClock)
                .connectExecutor(tasks)
                .completionExecutor(tasks)
                .backgroundCollector(false);
        pool = (limits == null ? builder : builder.sharedLimits(limits)).build();
        feed = new Feed(List.of(new PoolFeed<>(pool, null, clock)), clock);
        reader = feed.join("reader");
    }

    @AfterEach
    void close() {
        pool.close(Duration.ZERO);
        tasks.runAll();
    }

    private void lease(EndpointGroup<String, FakeConnection<String>> group) {
        var future = group.connectionAsync();
        tasks.runAll();
        future.join().close();
    }

    private void touch(String endpoint) {
        var future = pool.connectionAsync(endpoint);
        tasks.runAll();
        future.join().close();
    }

    /** The first frame. */
    private JsonNode full() throws Exception {
        feed.step();
        return next("full");
    }

    /** The frame of the next second. */
    private JsonNode delta() throws Exception {
        clock.advance(Duration.ofSeconds(1));
        poolClock.advance(Duration.ofSeconds(1));
        feed.step();
        return next("delta");
    }

    private JsonNode next(String event) throws Exception {
        String text = new String(reader.take(0, TimeUnit.SECONDS), StandardCharsets.UTF_8);
        assertThat(text).startsWith("event: " + event + "\n");
        return new ObjectMapper()
                .readTree(text.substring(text.indexOf("data: ") + 6))
                .get("pools")
                .get(0);
    }

    private static long share(JsonNode frame) {
        return frame.get("rows").get(0).get(1 + Row.SHARE).asLong();
    }

    private static long sum(JsonNode frame, int place) {
        return frame.get("sums").get(place).asLong();
    }

    @Test
    void aPoolThatSharesNothingHasNoShares() throws Exception {
        open(null);
        touch("a");
        JsonNode frame = full();
        assertThat(share(frame)).isEqualTo(-1);
        assertThat(sum(frame, PoolFeed.SHARE)).isEqualTo(-1);
        assertThat(sum(frame, PoolFeed.FLEET)).isZero();
        assertThat(frame.get("fleetFailure").asText()).isEmpty();
        assertThat(frame.get("groups")).isEmpty();
    }

    @Test
    void sharesAndAnEngineThatIsAwayAreTold() throws Exception {
        var shares = new FixedShares<String>(3);
        open(shares);
        touch("a");
        JsonNode first = full();
        assertThat(share(first)).isEqualTo(3);
        assertThat(sum(first, PoolFeed.SHARE)).as("no total is shared").isEqualTo(-1);
        assertThat(sum(first, PoolFeed.FLEET)).isEqualTo(1);
        shares.total(5);
        shares.reachable(new IOException("cut off"));
        JsonNode away = delta();
        assertThat(sum(away, PoolFeed.SHARE)).isEqualTo(5);
        assertThat(sum(away, PoolFeed.FLEET)).isEqualTo(2);
        assertThat(away.get("fleetFailure").asText()).isEqualTo("java.io.IOException: cut off");
        shares.reachable(null);
        JsonNode back = delta();
        assertThat(sum(back, PoolFeed.FLEET)).isEqualTo(1);
        assertThat(back.get("fleetFailure").asText()).isEmpty();
    }

    @Test
    void aShareWithoutABoundIsNone() throws Exception {
        open(new FixedShares<>(PoolConfig.UNLIMITED));
        touch("a");
        JsonNode frame = full();
        assertThat(share(frame)).isEqualTo(-1);
        assertThat(frame.get("rows").get(0).get(1 + Row.LIMIT).asInt()).isEqualTo(4);
    }

    @Test
    void groupsAreToldWithTheirMembersAndAgainWhenTheyHaveChanged() throws Exception {
        open(null);
        var group = pool.group("readers", Routing.inOrder(), "a", "b");
        lease(group);
        assertThat(full().get("groups").toString())
                .isEqualTo("[{\"name\":\"readers\",\"spillOvers\":0,\"hedges\":0,\"rankingFailures\":0,"
                        + "\"members\":[[\"a\",1,0],[\"b\",0,0]]}]");
        assertThat(delta().has("groups")).as("nothing has changed").isFalse();
        lease(group);
        lease(group);
        assertThat(delta().get("groups").get(0).get("members").toString()).isEqualTo("[[\"a\",3,2],[\"b\",0,0]]");
        assertThat(delta().get("groups").get(0).get("members").toString()).isEqualTo("[[\"a\",3,0],[\"b\",0,0]]");
        group.members(List.of("b"));
        assertThat(delta().get("groups").get(0).get("members").toString()).isEqualTo("[[\"b\",0,0]]");
        group.close();
        assertThat(delta().get("groups")).isEmpty();
    }

    @Test
    void groupsAreBounded() throws Exception {
        open(null);
        for (int i = 0; i < 70; i++) {
            pool.group("g" + (10 + i), Routing.inOrder(), "a", "b", "c", "d", "e");
        }
        JsonNode groups = full().get("groups");
        assertThat(groups).hasSize(Groups.MOST);
        assertThat(groups.get(0).get("name").asText()).isEqualTo("g10");
        int members = 0;
        for (JsonNode group : groups) {
            members += group.get("members").size();
        }
        assertThat(members).isEqualTo(Groups.MOST_MEMBERS);
    }
}
