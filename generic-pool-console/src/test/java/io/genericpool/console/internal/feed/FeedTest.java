package io.genericpool.console.internal.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.SuspendMode;
import io.genericpool.core.ConnectionPools;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ManualExecutor;
import io.genericpool.testkit.ScriptedManager;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real pool and the frames of its feed, on fake clocks and one thread. */
@Timeout(60)
class FeedTest {
    private final FakeFeedClock clock = new FakeFeedClock();
    private final FakePoolClock poolClock = new FakePoolClock();
    private final ManualExecutor tasks = new ManualExecutor();
    private final ConnectionPool<String, FakeConnection<String>> pool = ConnectionPools.builder(
                    ScriptedManager.<String>plain())
            .name("orders")
            .maxSize(4)
            .clock(poolClock)
            .connectExecutor(tasks)
            .completionExecutor(tasks)
            .backgroundCollector(false)
            .build();
    private final Activity activity = new Activity(clock, true);
    private final Feed feed = new Feed(List.of(new PoolFeed<>(pool, activity, clock)), clock);

    @AfterEach
    void close() {
        pool.close(Duration.ZERO);
        tasks.runAll();
    }

    private Lease<String, FakeConnection<String>> lease(String endpoint) {
        var future = pool.connectionAsync(endpoint);
        tasks.runAll();
        return future.join();
    }

    /** A second passes, and the sampling thread does its work. */
    private void second() {
        clock.advance(Duration.ofSeconds(1));
        poolClock.advance(Duration.ofSeconds(1));
        feed.step();
    }

    private static JsonNode next(Subscriber subscriber, String event) throws Exception {
        byte[] frame = subscriber.take(0, TimeUnit.SECONDS);
        String text = new String(frame, StandardCharsets.UTF_8);
        assertThat(text).startsWith("event: " + event + "\ndata: ").endsWith("\n\n");
        assertThat(text.lines()).as("one line of data").hasSize(3);
        return new ObjectMapper().readTree(text.substring(text.indexOf("data: ") + 6));
    }

    private static JsonNode pool(JsonNode frame) {
        return frame.get("pools").get(0);
    }

    private static void nothingLeft(Subscriber subscriber) throws Exception {
        assertThat(subscriber.take(0, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void withoutAReaderNothingIsSampled() {
        feed.step();
        second();
        assertThat(feed.samples()).isZero();
    }

    @Test
    void allReadersShareOneSamplePerSecond() throws Exception {
        lease("a").close();
        var readers = new ArrayList<Subscriber>();
        for (int i = 0; i < 10; i++) {
            readers.add(feed.join("reader " + i));
            feed.step();
        }
        assertThat(feed.samples()).isEqualTo(1);
        second();
        feed.step();
        assertThat(feed.samples()).isEqualTo(2);
        for (Subscriber reader : readers) {
            JsonNode full = pool(next(reader, "full"));
            assertThat(full.get("name").asText()).isEqualTo("orders");
            assertThat(full.get("labels").toString()).isEqualTo("[[1,\"a\"]]");
            next(reader, "delta");
            nothingLeft(reader);
        }
    }

    @Test
    void aRowTellsTheStateOfItsEndpoint() throws Exception {
        Lease<String, ?> held = lease("a");
        lease("a").close();
        var waiting = pool.connectionAsync("b");
        pool.suspend("b", SuspendMode.WAIT);
        Subscriber reader = feed.join("reader");
        feed.step();
        JsonNode rows = pool(next(reader, "full")).get("rows");
        assertThat(rows).hasSize(2);
        for (JsonNode row : rows) {
            assertThat(row).hasSize(1 + Row.SIZE);
            boolean a = row.get(1 + 1).asInt() == 1;
            assertThat(row.get(1).asInt()).isEqualTo(a ? 1 : 0);
            assertThat(row.get(1 + Row.LIMIT).asInt()).isEqualTo(4);
            assertThat(row.get(1 + Row.WAITERS).asInt()).isEqualTo(a ? 0 : 1);
            assertThat(row.get(1 + Row.SUSPENDED).asInt()).isEqualTo(a ? 0 : 1);
        }
        waiting.cancel(false);
        held.close();
    }

    @Test
    void aDeltaHasOnlyTheRowsThatHaveChanged() throws Exception {
        lease("a").close();
        lease("b").close();
        Lease<String, ?> held = lease("c");
        Subscriber reader = feed.join("reader");
        feed.step();
        assertThat(pool(next(reader, "full")).get("rows")).hasSize(3);
        second();
        second();
        next(reader, "delta");
        JsonNode idle = pool(next(reader, "delta"));
        assertThat(idle.get("rows"))
                .as("a held lease becomes older without a change")
                .isEmpty();
        assertThat(idle.get("labels")).isEmpty();
        assertThat(idle.get("point")).hasSize(7);
        lease("b").close();
        lease("d").close();
        second();
        JsonNode delta = pool(next(reader, "delta"));
        assertThat(delta.get("labels").toString()).isEqualTo("[[4,\"d\"]]");
        assertThat(delta.get("rows")).extracting(row -> row.get(0).asInt()).hasSize(2);
        held.close();
    }

    @Test
    void ratesArePerSecond() throws Exception {
        lease("a").close();
        Subscriber reader = feed.join("reader");
        feed.step();
        for (int i = 0; i < 30; i++) {
            lease("a").close();
        }
        clock.advance(Duration.ofSeconds(1));
        second(); // two seconds in all
        next(reader, "full");
        JsonNode delta = pool(next(reader, "delta"));
        assertThat(delta.get("sums").get(PoolFeed.RATE).asInt()).isEqualTo(15);
        assertThat(delta.get("rows").get(0).get(1 + Row.RATE).asInt()).isEqualTo(15);
        assertThat(delta.get("point").get(5).asInt()).isEqualTo(15);
    }

    @Test
    void anEndpointThatLeavesIsGone() throws Exception {
        lease("a").close();
        Subscriber reader = feed.join("reader");
        feed.step();
        next(reader, "full");
        assertThat(feed.pools().get(0).endpoint(1)).isPresent();
        pool.evict("a");
        tasks.runAll();
        second();
        assertThat(pool(next(reader, "delta")).get("gone").toString()).isEqualTo("[1]");
        assertThat(feed.pools().get(0).endpoint(1)).isEmpty();
        second();
        assertThat(pool(next(reader, "delta")).get("gone")).isEmpty();
    }

    @Test
    void aReaderThatIsTooSlowLosesFramesAndGetsEverythingLater() throws Exception {
        lease("a").close();
        Subscriber slow = feed.join("slow");
        Subscriber fast = feed.join("fast");
        feed.step();
        next(fast, "full");
        for (int i = 0; i < 50; i++) {
            second();
            next(fast, "delta");
        }
        lease("b").close();
        second();
        nothingLeft(slow); // it has asked for everything now
        feed.step();
        assertThat(pool(next(slow, "full")).get("labels")).hasSize(2);
        second();
        next(slow, "delta");
        nothingLeft(slow);
    }

    @Test
    void aReaderThatJoinsLaterGetsThePlotAndTheEventsOfBefore() throws Exception {
        activity.journal.add("opened", "a", "in 1 ms");
        Subscriber first = feed.join("first");
        feed.step();
        second();
        second();
        activity.journal.add("closed", "a", "evicted");
        Subscriber second = feed.join("second");
        feed.step();
        JsonNode full = pool(next(second, "full"));
        assertThat(full.get("history")).hasSize(2);
        assertThat(full.get("events")).hasSize(2);
        assertThat(full.get("hasWaits").asBoolean()).isTrue();
        assertThat(pool(next(first, "full")).get("events")).hasSize(1);
        next(first, "delta");
        next(first, "delta");
        second();
        assertThat(pool(next(first, "delta")).get("events"))
                .as("not sent to it yet")
                .hasSize(1);
    }

    @Test
    void thePlotIsFiveMinutesLong() throws Exception {
        feed.join("first");
        for (int i = 0; i < 400; i++) {
            second();
        }
        Subscriber late = feed.join("late");
        feed.step();
        assertThat(pool(next(late, "full")).get("history")).hasSize(History.SIZE);
    }

    @Test
    void aClosedPoolIsToldAndThePoolMayBeForgottenAfterTheClose() throws Exception {
        Subscriber reader = feed.join("reader");
        feed.step();
        assertThat(pool(next(reader, "full")).get("closed").asBoolean()).isFalse();
        pool.close(Duration.ZERO);
        second();
        assertThat(pool(next(reader, "delta")).get("closed").asBoolean()).isTrue();
        feed.close();
        assertThat(reader.take(0, TimeUnit.SECONDS)).isNull();
        assertThat(feed.join("late")).isNull();
        assertThat(feed.size()).isZero();
    }

    @Test
    void whenAllPlacesAreTakenASilentReaderGoesAndNoOther() {
        var readers = new ArrayList<Subscriber>();
        for (int i = 0; i < Feed.MOST_SUBSCRIBERS; i++) {
            readers.add(feed.join("reader " + i));
        }
        assertThat(feed.join("too soon")).isNull();
        clock.advance(Duration.ofSeconds(3));
        readers.forEach(reader -> feed.seen(reader.id));
        assertThat(feed.join("all are there")).isNull();
        clock.advance(Duration.ofSeconds(15));
        readers.stream().skip(1).forEach(reader -> feed.seen(reader.id));
        clock.advance(Duration.ofSeconds(15));
        assertThat(feed.join("in its place")).isNotNull();
        assertThat(readers.get(0)).satisfies(reader -> assertThat(reader.take(0, TimeUnit.SECONDS))
                .isNull());
        assertThat(feed.size()).isEqualTo(Feed.MOST_SUBSCRIBERS);
    }

    @Test
    void closingAReaderEndsItsConnectionOnce() {
        Subscriber reader = feed.join("reader");
        var ends = new ArrayList<String>();
        reader.onClose(() -> ends.add("first"));
        reader.close();
        reader.close();
        assertThat(ends).containsExactly("first");
        reader.onClose(() -> ends.add("late"));
        assertThat(ends).containsExactly("first", "late");
        assertThat(feed.size()).isZero();
    }

    @Test
    void aReaderThatWaitsIsWokenByItsClose() throws Exception {
        Subscriber reader = feed.join("reader");
        var ended = new Thread(() -> {
            try {
                assertThat(reader.take(1, TimeUnit.HOURS)).isNull();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        ended.start();
        reader.close();
        ended.join(TimeUnit.SECONDS.toMillis(30));
        assertThat(ended.isAlive()).isFalse();
    }
}
