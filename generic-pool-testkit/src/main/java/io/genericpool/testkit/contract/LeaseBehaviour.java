package io.genericpool.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.DisposeReason;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedManager;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A lease ends once, whatever is done with it, and its connection goes on or goes away. */
abstract class LeaseBehaviour extends PoolBehaviour {
    LeaseBehaviour(PoolFactory factory) {
        super(factory);
    }

    @PoolTest(alsoWithoutHooks = true)
    void aSecondReleaseIsCountedAndHarmless(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var stale = on.lease("a");
        stale.release();
        var next = on.lease("a");
        assertThatCode(() -> {
                    stale.release();
                    stale.close();
                    stale.invalidate();
                    stale.invalidate(new IOException("late"));
                })
                .doesNotThrowAnyException();
        on.settle();
        assertThat(next.connection().isOpen()).isTrue();
        assertThat(on.stats("a").leased()).isEqualTo(1);
        assertThat(on.stats("a").staleReleases()).isEqualTo(4);
        assertThat(on.manager().calls(Operation.ON_RELEASE)).isLessThanOrEqualTo(1);
        on.request("a").assertWaits();
    }

    @PoolTest(alsoWithoutHooks = true)
    void aReleaseAfterAnInvalidateIsHarmless(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var lease = on.lease("a");
        lease.invalidate();
        lease.release();
        on.settle();
        assertThat(on.manager().calls(Operation.ON_RELEASE)).isZero();
        assertDisposed(on, DisposeReason.INVALIDATED, 1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void aLeaseCanBeReleasedByAnotherThread(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var lease = on.lease("a");
        var waiting = on.request("a");
        on.start(() -> {
                    lease.release();
                    return true;
                })
                .value();
        waiting.value();
    }

    @PoolTest(alsoWithoutHooks = true)
    void anInvalidatedConnectionIsDisposedAndItsPermitHandedOn(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var lease = on.lease("a");
        var connection = lease.connection();
        var waiting = on.request("a");
        lease.invalidate(new IOException("reset by peer"));
        assertThat(waiting.value().connection().id()).isNotEqualTo(connection.id());
        assertDisposed(on, DisposeReason.INVALIDATED, 1);
        assertThatThrownBy(lease::connection).isInstanceOf(IllegalStateException.class);
    }

    @PoolTest
    void aLentViewEndsWithItsLease(PoolHarness on) {
        on.manager(ScriptedManager.<String>full().lendViews());
        on.open(timeless().maxSize(1));
        var lease = on.lease("a");
        var view = lease.connection();
        try (var use = view.use()) {
            assertThat(view.isOpen()).isTrue();
            assertThat(use).isNotNull();
        }
        lease.release();
        assertThatThrownBy(view::isOpen).isInstanceOf(IllegalStateException.class);
        assertThat(on.lease("a").connection().isOpen()).isTrue();
        assertThatThrownBy(view::use).isInstanceOf(IllegalStateException.class);
    }

    @PoolTest
    void aLentViewIsToldTheEndHoweverTheLeaseEnds(PoolHarness on) {
        on.manager(ScriptedManager.<String>full().lendViews());
        on.open(timeless().maxSize(1));
        var released = on.lease("a");
        var first = released.connection();
        on.script(Operation.ON_RELEASE).next(Behaviour.perform(() -> assertThatThrownBy(first::isOpen)
                .as("the view during onRelease")
                .isInstanceOf(IllegalStateException.class)));
        released.release();
        var invalidated = on.lease("a");
        var second = invalidated.connection();
        invalidated.invalidate();
        assertThatThrownBy(second::isOpen).isInstanceOf(IllegalStateException.class);
        var revoked = on.lease("a");
        var third = revoked.connection();
        assertThat(on.closing(Duration.ZERO).value().revoked()).isEqualTo(1);
        on.settle();
        assertThatThrownBy(third::isOpen).isInstanceOf(IllegalStateException.class);
        assertThat(on.pool().stats().hookFailures()).isZero();
    }

    @PoolTest(alsoWithoutHooks = true)
    void useReturnsTheResultAndReleases(PoolHarness on) {
        on.open(timeless());
        var used = on.use("a", connection -> {
            try (var use = connection.use()) {
                assertThat(use).isNotNull();
                return connection.id();
            }
        });
        assertThat(used.value()).isEqualTo(1);
        assertThat(on.stats("a").idle()).isEqualTo(1);
        assertThat(on.stats("a").leased()).isZero();
    }

    @PoolTest
    void useInvalidatesAfterAFatalFailureAndThrowsItAsItIs(PoolHarness on) {
        var failure = new IOException("reset by peer");
        on.open(timeless().maxSize(1));
        var used = on.use("a", connection -> {
            throw failure;
        });
        assertThat(used.failure()).isSameAs(failure);
        assertThat(on.manager().calls(Operation.IS_FATAL)).isEqualTo(1);
        assertDisposed(on, DisposeReason.INVALIDATED, 1);
    }

    @PoolTest
    void useReleasesAfterAHarmlessFailure(PoolHarness on) {
        var failure = new IllegalArgumentException("bad query");
        on.manager(ScriptedManager.<String>full().fatalIf(thrown -> thrown instanceof IOException));
        on.open(timeless().maxSize(1));
        var used = on.use("a", connection -> {
            throw failure;
        });
        assertThat(used.failure()).isSameAs(failure);
        assertThat(on.server().disposed()).isZero();
        assertThat(on.stats("a").idle()).isEqualTo(1);
    }

    @PoolTest
    void aPredicateForFatalFailuresThatThrowsMeansFatal(PoolHarness on) {
        var failure = new IOException("reset by peer");
        on.script(Operation.IS_FATAL).next(Behaviour.fail(new IllegalStateException("do not know")));
        on.open(timeless().maxSize(1));
        var used = on.use("a", connection -> {
            throw failure;
        });
        assertThat(used.failure()).isSameAs(failure);
        on.settle();
        assertThat(on.server().disposed()).isEqualTo(1);
    }

    @PoolTest(value = FrontEnd.ASYNC, alsoWithoutHooks = true)
    void useAsyncHoldsTheConnectionUntilItsStageEnds(PoolHarness on) {
        var pool = on.open(timeless().maxSize(1));
        var work = new CompletableFuture<String>();
        var used = pool.useAsync("a", connection -> work);
        on.settle();
        assertThat(on.stats("a").leased()).isEqualTo(1);
        work.complete("done");
        on.settle();
        assertThat(used).isCompletedWithValue("done");
        assertThat(on.stats("a").idle()).isEqualTo(1);
    }

    @PoolTest(value = FrontEnd.ASYNC, alsoWithoutHooks = true)
    void useAsyncWhoseWorkThrowsOrReturnsNullFailsAndLeaksNothing(PoolHarness on) {
        var pool = on.open(timeless().maxSize(1));
        var failure = new IllegalStateException("no stage");
        var thrown = on.track(() -> pool.<String>useAsync("a", connection -> {
            throw failure;
        }));
        assertThat(thrown.failure()).isSameAs(failure);
        var nothing = on.track(() -> pool.<String>useAsync("a", connection -> nothing()));
        assertThat(nothing.failure()).isInstanceOf(NullPointerException.class);
        on.settle();
        on.request("a", seconds(1)).value();
    }

    @PoolTest(value = FrontEnd.ASYNC, alsoWithoutHooks = true)
    void cancellingUseAsyncWithdrawsTheRequest(PoolHarness on) {
        var pool = on.open(timeless().maxSize(1));
        var held = on.lease("a");
        var used = pool.useAsync("a", connection -> CompletableFuture.completedFuture(1));
        assertThat(on.stats("a").waiters()).isEqualTo(1);
        used.cancel(true);
        on.settle();
        assertThat(on.stats("a").waiters()).isZero();
        held.release();
        on.request("a", Duration.ZERO).value();
    }

    @PoolTest(value = FrontEnd.ASYNC, alsoWithoutHooks = true)
    void cancellingUseAsyncCancelsTheStageAndTheConnectionGoesBackWhenThatEnds(PoolHarness on) {
        var pool = on.open(timeless().maxSize(1));
        var work = new CompletableFuture<String>();
        var used = pool.useAsync("a", connection -> work);
        on.settle();
        used.cancel(true);
        on.settle();
        assertThat(used).isCancelled();
        assertThat(work).isCancelled();
        assertThat(on.pool().stats().leased()).isZero();
        on.request("a", seconds(1)).value();
    }

    @PoolTest(alsoWithoutHooks = true)
    void aConnectionIsRetiredAfterMaxLeases(PoolHarness on) {
        on.open(timeless().maxSize(1).maxLeases(3));
        for (int i = 0; i < 3; i++) {
            var lease = on.lease("a");
            assertThat(lease.connection().id()).isEqualTo(1);
            lease.release();
        }
        assertDisposed(on, DisposeReason.MAX_LEASES, 1);
        assertThat(on.lease("a").connection().id()).isEqualTo(2);
    }
}
