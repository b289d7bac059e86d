package io.genericpool.console.internal.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Waits, journal and holders. */
class ActivityPartsTest {
    private final FakeFeedClock clock = new FakeFeedClock();

    private static long nanos(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    @Test
    void waitsAreForgottenAfterAMinute() {
        var waits = new Waits(clock);
        waits.add("a", nanos(100));
        assertThat(waits.of("a")[0]).isBetween(90_000L, 112_500L);
        assertThat(waits.ofPool()[1]).isBetween(90_000L, 112_500L);
        clock.advance(Duration.ofSeconds(30));
        waits.add("a", nanos(1));
        assertThat(waits.of("a")[1]).as("still one of the last minute").isGreaterThan(90_000L);
        clock.advance(Duration.ofSeconds(30));
        assertThat(waits.of("a")[1]).isLessThan(1_200L);
        clock.advance(Duration.ofSeconds(30));
        assertThat(waits.of("a")).containsExactly(-1, -1);
        assertThat(waits.of("never")).containsExactly(-1, -1);
    }

    @Test
    void waitsAfterALongRestStandAlone() {
        var waits = new Waits(clock);
        waits.add("a", nanos(900));
        clock.advance(Duration.ofMinutes(5));
        waits.add("a", nanos(1));
        assertThat(waits.of("a")[1]).isLessThan(1_200L);
    }

    @Test
    void waitsOfMoreEndpointsThanThereAreRowsCountForThePoolOnly() {
        var waits = new Waits(clock);
        IntStream.rangeClosed(0, PoolFeed.MOST_ROWS).forEach(i -> waits.add(i, nanos(1)));
        assertThat(waits.of(0)[0]).isPositive();
        assertThat(waits.of(PoolFeed.MOST_ROWS)).containsExactly(-1, -1);
        waits.forget(0);
        waits.add(PoolFeed.MOST_ROWS, nanos(1));
        assertThat(waits.of(PoolFeed.MOST_ROWS)[0]).isPositive();
    }

    @Test
    void theJournalHasTheLast200() {
        var journal = new Journal(clock);
        assertThat(journal.after(0)).isEmpty();
        IntStream.rangeClosed(1, 250).forEach(i -> journal.add("opened", "a", "number " + i));
        assertThat(journal.after(0))
                .extracting(Journal.Entry::number)
                .hasSize(200)
                .startsWith(51L)
                .endsWith(250L);
        assertThat(journal.after(248)).extracting(Journal.Entry::text).containsExactly("number 249", "number 250");
        assertThat(journal.after(250)).isEmpty();
    }

    @Test
    void theJournalLosesNothingWhenManyWriteAtOnce() throws Exception {
        var journal = new Journal(clock);
        var start = new CountDownLatch(1);
        Thread[] writers = IntStream.range(0, 4)
                .mapToObj(writer -> new Thread(() -> {
                    try {
                        start.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    IntStream.range(0, 25).forEach(i -> journal.add("opened", "w" + writer, "" + i));
                }))
                .toArray(Thread[]::new);
        for (Thread writer : writers) {
            writer.start();
        }
        start.countDown();
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(journal.after(0))
                .hasSize(100)
                .extracting(Journal.Entry::number)
                .isSorted();
    }

    @Test
    void aHolderIsThatOfTheOldestLease() {
        var holders = new Holders(clock);
        holders.add("a", nanos(5_000), "thread one");
        assertThat(holders.of("a", nanos(5_200))).isEqualTo("thread one");
        assertThat(holders.of("b", nanos(5_000))).isEmpty();
        clock.advance(Duration.ofSeconds(10));
        assertThat(holders.of("a", nanos(15_000))).isEqualTo("thread one");
        assertThat(holders.of("a", nanos(9_000))).as("a younger lease").isEmpty();
        holders.add("a", nanos(9_000), "thread two");
        assertThat(holders.of("a", nanos(9_000))).isEqualTo("thread two");
        assertThat(holders.of("a", nanos(15_000))).isEqualTo("thread one");
    }

    @Test
    void holdersAreForgottenWhenNothingIsLeased() {
        var holders = new Holders(clock);
        holders.add("a", nanos(5_000), "thread one");
        assertThat(holders.of("a", 0)).isEmpty();
        assertThat(holders.of("a", nanos(5_000))).isEmpty();
    }

    @Test
    void ofManyLeaksOfOneEndpointTheLastAreKept() {
        var holders = new Holders(clock);
        for (int i = 0; i < 20; i++) {
            holders.add("a", nanos(100_000 - 4_000L * i), "thread " + i);
        }
        assertThat(holders.of("a", nanos(100_000))).isEmpty();
        assertThat(holders.of("a", nanos(100_000 - 4_000 * 19))).isEqualTo("thread 19");
        assertThat(holders.of("a", nanos(100_000 - 4_000 * 12))).isEqualTo("thread 12");
    }
}
