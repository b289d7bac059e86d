package io.genericpool.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.core.internal.slot.SlotLease;
import io.genericpool.core.internal.slot.SlotTest;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Shows I46. */
class LeaseFutureTest {
    private final LeaseFuture<String, Object> future = new LeaseFuture<>();
    private final AtomicInteger withdrawals = new AtomicInteger();
    private final SlotLease<String, Object> lease;

    LeaseFutureTest() {
        var slot = SlotTest.idle();
        lease = new SlotLease<>(slot, slot.tryLease(0));
    }

    @BeforeEach
    void watch() {
        future.onOutsider(withdrawals::incrementAndGet);
    }

    @Test
    void whatThePoolDecidesWithdrawsNothing() {
        assertThat(future.grant(lease)).isTrue();
        assertThat(future).isCompletedWithValue(lease);
        future.fail(new IllegalStateException("too late"));
        assertThat(future).isCompletedWithValue(lease);
        assertThat(withdrawals).hasValue(0);
        var failed = new LeaseFuture<String, Object>();
        failed.onOutsider(withdrawals::incrementAndGet);
        failed.fail(new IllegalStateException("no"));
        assertThat(withdrawals).hasValue(0);
        assertThat(failed.grant(lease)).isFalse();
    }

    @Test
    void everyOtherEndWithdrawsOnceAndTheGrantIsRefused() {
        assertThat(future.cancel(true)).isTrue();
        assertThat(future.grant(lease)).isFalse();
        assertThat(withdrawals).hasValue(1);
        var completed = new LeaseFuture<String, Object>();
        completed.onOutsider(withdrawals::incrementAndGet);
        completed.complete(lease);
        completed.obtrudeValue(null);
        assertThat(withdrawals).hasValue(2);
        var failed = new LeaseFuture<String, Object>();
        failed.onOutsider(withdrawals::incrementAndGet);
        failed.completeExceptionally(new IllegalStateException());
        assertThat(withdrawals).hasValue(3);
    }

    @Test
    void aDependentThatIsCancelledCancelsItHoweverFarItIs() {
        var dependent = future.thenApply(x -> x).thenApply(x -> x).thenAccept(x -> {});

        assertThat(dependent.cancel(false)).isTrue();
        assertThat(dependent.cancel(false)).isTrue();

        assertThat(future).isCancelled();
        assertThat(withdrawals).hasValue(1);
    }

    @Test
    void aDependentThatTimesOutCancelsIt() {
        var dependent = future.thenApply(x -> x).orTimeout(1, TimeUnit.MILLISECONDS);

        Awaitility.await().until(future::isCancelled);
        assertThat(dependent).isCompletedExceptionally();
        assertThat(dependent.completeExceptionally(new IllegalStateException())).isFalse();
    }

    @Test
    void aDependentOfAFailedOneMayBeCancelledToo() {
        var dependent = future.handle((granted, failure) -> granted).thenCompose(x -> new LeaseFuture<>());
        future.fail(new IllegalStateException("no"));

        dependent.cancel(true);

        assertThatThrownBy(dependent::join).isInstanceOf(CancellationException.class);
        assertThat(withdrawals).hasValue(0);
    }

    @Test
    void aDependentThatIsCompletedFromOutsideCancelsItAndSaysWhetherItWasFirst() {
        var dependent = future.thenApply(x -> "granted");

        assertThat(dependent.complete("from outside")).isTrue();
        assertThat(dependent.complete("again")).isFalse();
        assertThat(dependent.cancel(true)).isFalse();

        assertThat(dependent).isCompletedWithValue("from outside");
        assertThat(future).isCancelled();
        var failed = new LeaseFuture<String, Object>().thenApply(x -> "granted");
        assertThat(failed.completeExceptionally(new IllegalStateException("no")))
                .isTrue();
        assertThat(failed.cancel(true)).isFalse();
    }
}
