package io.genericpool.core.internal.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ThreadDescriptionTest {
    @Test
    void aThreadIsNamedWithWhereItIsNow() throws Exception {
        var inside = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var thread = new Thread(
                () -> {
                    inside.countDown();
                    awaitQuietly(end);
                },
                "the holder");
        thread.start();
        inside.await();
        String text = new ThreadDescription(thread.getId(), -1).describe(thread.getId());
        end.countDown();
        thread.join();

        assertThat(text).matches("thread the holder, which is now at [^<]+( < [^<]+){0,7}");
        assertThat(text.split(" < ").length).isBetween(1, 8);
        assertThat(new ThreadDescription(thread.getId()).describe(thread.getId()))
                .isEqualTo("thread number " + thread.getId() + ", which has ended or is virtual");
    }

    @Test
    void whatWasNotLookedForIsANumber() {
        long current = Thread.currentThread().getId();
        assertThat(new ThreadDescription().describe(current)).isEqualTo("thread number " + current);
        assertThat(new ThreadDescription(current).describe(current + 1)).isEqualTo("thread number " + (current + 1));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
