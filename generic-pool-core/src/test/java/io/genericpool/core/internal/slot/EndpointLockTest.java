package io.genericpool.core.internal.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EndpointLockTest {
    private final EndpointLock lock = new EndpointLock() {
        private static final long serialVersionUID = 1L;
    };

    private long counted;

    @Test
    void itIsHeldUntilItWasLetGoAsOftenAsItWasTaken() {
        assertThat(lock.isHeldByCurrentThread()).isFalse();
        lock.lock();
        lock.lock();
        lock.unlock();
        assertThat(lock.isHeldByCurrentThread()).isTrue();
        assertThat(CompletableFuture.supplyAsync(lock::isHeldByCurrentThread).join())
                .isFalse();
        lock.unlock();
        assertThat(lock.isHeldByCurrentThread()).isFalse();
    }

    @Test
    void whoDoesNotHoldItCannotLetItGo() {
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
        lock.lock();
        assertThat(CompletableFuture.runAsync(lock::unlock))
                .failsWithin(10, TimeUnit.SECONDS)
                .withThrowableThat()
                .withCauseInstanceOf(IllegalMonitorStateException.class);
        assertThat(lock.isHeldByCurrentThread()).isTrue();
        lock.unlock();
    }

    /** Shows I35. */
    @Test
    void takenBehindOthersItGoesToTheOneThatWaitsFirst() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            lock.lock();
            var waiting = new Thread(() -> {
                lock.lock();
                counted++;
                lock.unlock();
            });
            waiting.start();
            while (!lock.isQueued(waiting)) {
                Thread.onSpinWait();
            }

            lock.unlock();
            lock.lockBehindOthers();
            assertThat(counted).isEqualTo(i + 1);
            lock.unlock();
            waiting.join();
        }
    }

    @Test
    void takenBehindOthersItIsHeldOnce() {
        lock.lockBehindOthers();
        assertThat(lock.isHeldByCurrentThread()).isTrue();
        lock.unlock();
        assertThat(lock.isHeldByCurrentThread()).isFalse();
    }

    @Test
    void oneThreadAtATimeIsInside() {
        int rounds = 50_000;
        var start = new CyclicBarrier(4);
        var threads = new CompletableFuture<?>[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new CompletableFuture<Void>();
            var done = threads[i];
            new Thread(() -> {
                        try {
                            start.await();
                            for (int r = 0; r < rounds; r++) {
                                lock.lock();
                                counted++; // plain: lost updates would show
                                lock.unlock();
                            }
                            done.complete(null);
                        } catch (Throwable e) {
                            done.completeExceptionally(e);
                        }
                    })
                    .start();
        }
        CompletableFuture.allOf(threads).join();

        assertThat(counted).isEqualTo(4L * rounds);
    }
}
