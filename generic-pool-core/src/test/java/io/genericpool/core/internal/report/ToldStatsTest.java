package io.genericpool.core.internal.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.core.internal.report.ToldStats.Told;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shows I49: the errors of a moment share a count. */
@Timeout(30)
class ToldStatsTest {
    private static final long MS = 1_000_000;

    private long now = Long.MAX_VALUE - 5 * MS;
    private final ToldStats told = new ToldStats(() -> now);
    private final List<Told> counts = new ArrayList<>();

    @SuppressWarnings("NullAway") // nothing here looks into the statistics
    private Told count() {
        var count = new Told(null, null);
        counts.add(count);
        return count;
    }

    private Supplier<Told> taking(long nanos) {
        return () -> {
            now += nanos;
            return count();
        };
    }

    @Test
    void oneCountServesTheErrorsOfAMoment() {
        Told first = told.get(this::count);
        now += 20 * MS;
        assertThat(told.get(this::count)).isSameAs(first);
        assertThat(counts).hasSize(1);

        now += 1;
        assertThat(told.get(this::count)).isNotSameAs(first);
        assertThat(counts).hasSize(2);
    }

    @Test
    void aCountThatTakesLongServesForLonger() {
        Told first = told.get(taking(2 * MS));
        now += 100 * MS;
        assertThat(told.get(this::count)).isSameAs(first);
        now += 1;
        assertThat(told.get(taking(1_000 * MS))).isNotSameAs(first);
        now += 1_000 * MS;
        told.get(this::count);
        assertThat(counts).as("a second is the most").hasSize(2);
        now += 1;
        told.get(this::count);
        assertThat(counts).hasSize(3);
    }

    @Test
    void whileOneCountsTheOthersTakeTheLastCount() {
        Told first = told.get(this::count);
        now += 500 * MS;
        told.get(() -> {
            assertThat(told.get(this::count)).isSameAs(first);
            return count();
        });
        assertThat(counts).hasSize(2);
    }

    /** A thread that asks while another one counts for the first time. */
    private CompletableFuture<Told> askedMeanwhile(RuntimeException failure) {
        var isCounting = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var first = CompletableFuture.supplyAsync(
                () -> told.get(() -> {
                    isCounting.countDown();
                    join(goOn);
                    if (failure != null) {
                        throw failure;
                    }
                    return count();
                }),
                task -> new Thread(task).start());
        join(isCounting);
        var second = new CompletableFuture<Told>();
        var asker = new Thread(() -> second.complete(told.get(this::count)));
        asker.start();
        while (asker.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        goOn.countDown();
        if (failure == null) {
            first.join();
        } else {
            assertThatThrownBy(first::join).hasCause(failure);
        }
        return second;
    }

    private static void join(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void theFirstCountIsAwaited() {
        askedMeanwhile(null).join();
        assertThat(counts).hasSize(1);
    }

    @Test
    void aCountThatFailsIsMadeByTheOnesThatWaitedForIt() {
        askedMeanwhile(new IllegalStateException("no memory")).join();
        assertThat(counts).hasSize(1);
        now += 1;
        told.get(this::count);
        assertThat(counts).as("the failed one has left the place to others").hasSize(2);
    }
}
