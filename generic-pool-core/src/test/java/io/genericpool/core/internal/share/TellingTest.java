package io.genericpool.core.internal.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The last word is the latest. Shows I62. */
@Timeout(60)
class TellingTest {
    @Test
    void whatIsAskedInsideAStepIsDoneOnceMoreByTheSameThread() {
        var told = new ArrayList<Integer>();
        var value = new AtomicInteger();
        var self = new Telling[1];
        self[0] = new Telling(() -> {
            told.add(value.get());
            if (value.get() < 3) {
                value.incrementAndGet();
                assertThat(self[0].run()).isTrue();
                assertThat(self[0].run()).isTrue();
            }
        });
        self[0].run();
        assertThat(told).containsExactly(0, 1, 2, 3);
    }

    @Test
    void aThreadThatComesMeanwhileLeavesItToTheFirstWhichReadsAnew() throws Exception {
        var inside = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var value = new AtomicInteger(1);
        var told = new ArrayList<Integer>();
        var telling = new Telling(() -> {
            int read = value.get();
            inside.countDown();
            await(go);
            told.add(read);
        });
        var first = new Thread(telling::run);
        first.start();
        await(inside);
        value.set(2);
        telling.run(); // returns at once
        assertThat(told).isEmpty();
        go.countDown();
        first.join();
        assertThat(told).as("the old one, and then the latest").isEqualTo(List.of(1, 2));
    }

    @Test
    void anErrorDoesNotMakeItDeaf() {
        var told = new ArrayList<Integer>();
        var self = new Telling[1];
        self[0] = new Telling(() -> {
            told.add(told.size());
            if (told.size() == 1) {
                self[0].run(); // asked meanwhile
                throw new StackOverflowError();
            }
        });
        assertThatThrownBy(() -> self[0].run()).isInstanceOf(StackOverflowError.class);
        assertThat(told).as("what was asked meanwhile is told").containsExactly(0, 1);
        assertThat(self[0].run()).isTrue();
        assertThat(told).containsExactly(0, 1, 2);
    }

    @Test
    void oneThatHasEndedSaysSo() {
        var self = new Telling[1];
        self[0] = new Telling(() -> assertThat(self[0].tryEnd()).isTrue());
        assertThat(self[0].run()).isTrue();
        assertThat(self[0].run()).isFalse();
    }

    @Test
    void itDoesNotEndWhileSomethingIsAsked() {
        var ends = new ArrayList<Boolean>();
        var self = new Telling[1];
        self[0] = new Telling(() -> {
            if (ends.isEmpty()) {
                self[0].run();
            }
            ends.add(self[0].tryEnd());
        });
        assertThat(self[0].run()).isTrue();
        assertThat(ends).containsExactly(false, true);
        assertThat(self[0].run()).isFalse();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
