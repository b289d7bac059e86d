package io.genericpool.core.internal.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.core.internal.executor.PoolExecutors;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.spi.PoolClock;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ManualExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Shows I29 and I45. */
class BoundedCallTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Slot<String, String> SLOT = new Slot<>(null, 0);

    private final FakePoolClock clock = new FakePoolClock();
    private final ManualExecutor executor = new ManualExecutor();
    private final PoolExecutors executors = new PoolExecutors("test", executor, executor);
    private final CallLedger ledger = new CallLedger(executors.timedSteps(clock), executors);
    private final List<String> told = new ArrayList<>();
    private Throwable failure;
    private Runnable whileAbandoned = () -> {};
    private Runnable atItsEnd = () -> {};
    private Supplier<Slot<?, ?>> slotOfCalls = () -> SLOT;

    private final class Call extends BoundedCall<String> {
        private final Callable<Object> body;
        private final boolean mustRun;

        Call(Callable<Object> body, boolean mustRun) {
            super(ledger, "create", TIMEOUT.toNanos());
            this.body = body;
            this.mustRun = mustRun;
        }

        @Override
        Slot<?, ?> slot() {
            return slotOfCalls.get();
        }

        @Override
        Object call() throws Exception {
            return body.call();
        }

        @Override
        void ended(String result, Throwable why, Actions actions) {
            failure = why;
            told.add(why == null ? "ended " + result : "failed");
            actions.add(more -> told.add("after"));
        }

        @Override
        void abandoned(TimeoutException why, Actions actions) {
            failure = why;
            whileAbandoned.run();
            told.add("abandoned");
        }

        @Override
        void returnedLate(String result, Actions actions) {
            told.add("late " + result);
        }

        @Override
        boolean mustRun() {
            return mustRun;
        }

        @Override
        void over(Actions actions) {
            atItsEnd.run();
        }
    }

    private Call start(Executor on, Callable<Object> body) {
        return start(on, body, false);
    }

    private Call start(Executor on, Callable<Object> body, boolean mustRun) {
        var call = new Call(body, mustRun);
        var actions = new Actions();
        call.start(on, actions);
        told.add("started");
        actions.run();
        return call;
    }

    @Test
    void aCallThatAnErrorKeepsFromTheBooksOwnsNoSlot() {
        slotOfCalls = () -> {
            slotOfCalls = () -> SLOT;
            throw new OutOfMemoryError("by test");
        };
        var call = new Call(() -> "it", false);

        assertThatThrownBy(call::enlist).isInstanceOf(OutOfMemoryError.class);

        var owned = new ArrayList<Object>();
        ledger.addOwned(owned);
        assertThat(owned).isEmpty();
    }

    @Test
    void itEndsWithItsResultAndItsTimerIsGone() {
        start(executor, () -> "it");
        assertThat(clock.pendingTimers()).isOne();
        executor.runAll();
        assertThat(told).containsExactly("started", "ended it", "after");
        assertThat(clock.pendingTimers()).isZero();
    }

    @Test
    void onTheStartersThreadWhatFollowsIsDoneByTheStarter() {
        start(Runnable::run, () -> "it");
        assertThat(told).containsExactly("ended it", "started", "after");
        assertThat(clock.pendingTimers()).isZero();
    }

    @Test
    void aRejectionIsAFailure() {
        executor.rejectNext(1);
        start(executor, () -> "it");
        assertThat(told).containsExactly("failed", "started", "after");
        assertThat(failure).isInstanceOf(RejectedExecutionException.class);
    }

    /** A clock whose timers fire although they were cancelled: that came too late. */
    private static final class LateClock implements PoolClock {
        private final List<Runnable> timers = new ArrayList<>();

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public Timer schedule(Runnable task, long delayNanos) {
            timers.add(task);
            return () -> {};
        }

        @Override
        public boolean isManual() {
            return true;
        }

        @Override
        public void park(Object blocker, long nanos) {}
    }

    @Test
    void aTimerOfAStartThatWasRefusedDoesNothing() {
        var late = new LateClock();
        var call =
                new BoundedCall<String>(
                        new CallLedger(executors.timedSteps(late), executors), "dispose", TIMEOUT.toNanos()) {
                    @Override
                    Object call() {
                        return "x";
                    }

                    @Override
                    boolean mustRun() {
                        return true;
                    }

                    @Override
                    boolean waitsWhenRefused() {
                        return true;
                    }

                    @Override
                    void ended(String result, Throwable why, Actions actions) {
                        told.add("ended " + result);
                    }

                    @Override
                    void abandoned(TimeoutException why, Actions actions) {
                        told.add("abandoned");
                    }

                    @Override
                    void returnedLate(String result, Actions actions) {
                        told.add("late");
                    }
                };
        executor.rejectNext(1);
        assertThat(call.start(executor, new Actions())).isFalse();

        late.timers.get(0).run();

        assertThat(call.isOverdue()).as("while it waits").isFalse();
        assertThat(late.timers).as("it is not to be abandoned").hasSize(1);
        assertThat(call.start(executor, new Actions())).isTrue();
        late.timers.get(0).run();
        assertThat(call.isOverdue()).as("after its second start").isFalse();
        late.timers.get(1).run();
        assertThat(call.isOverdue()).as("by its own timer").isTrue();
        executor.runAll();
        assertThat(told).containsExactly("ended x");
    }

    @Test
    void oneThatDidNotBeginInTimeIsNeverMade() {
        start(executor, () -> "never");
        clock.advance(TIMEOUT);
        executor.runAll();
        clock.advance(TIMEOUT);
        assertThat(told).containsExactly("started", "failed", "after");
        assertThat(failure).isInstanceOf(TimeoutException.class).hasMessageContaining("create", "1 s");
        assertThat(failure).hasCauseInstanceOf(CancellationException.class);
    }

    @Test
    void oneThatMustRunIsAbandonedAndMadeAllTheSame() {
        start(executor, () -> "it", true);
        clock.advance(TIMEOUT);
        assertThat(told).containsExactly("started");
        clock.advance(TIMEOUT);
        assertThat(told).containsExactly("started", "abandoned");
        executor.runAll();
        assertThat(told).containsExactly("started", "abandoned", "late it");
    }

    @Test
    void oneThatOverrunsIsInterruptedOnceAndTheFlagDoesNotOutliveIt() {
        var sawInterrupt = new ArrayList<Boolean>();
        start(executor, () -> {
            clock.advance(TIMEOUT);
            sawInterrupt.add(Thread.currentThread().isInterrupted());
            throw new InterruptedException();
        });
        executor.runAll();
        assertThat(sawInterrupt).containsExactly(true);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(told).containsExactly("started", "failed", "after");
        assertThat(failure).isInstanceOf(TimeoutException.class).hasCauseInstanceOf(InterruptedException.class);
        assertThat(clock.pendingTimers()).isZero();
    }

    @Test
    void oneThatSucceedsAfterItsInterruptHasEnded() {
        start(executor, () -> {
            clock.advance(TIMEOUT);
            return "it";
        });
        executor.runAll();
        assertThat(told).containsExactly("started", "ended it", "after");
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void oneThatOverrunsTwiceIsAbandonedAndComesBackLate() {
        start(executor, () -> {
            clock.advance(TIMEOUT.multipliedBy(2));
            return "it";
        });
        executor.runAll();
        assertThat(told).containsExactly("started", "abandoned", "late it");
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aStageEndsItAndIsCancelledWhenItOverruns() {
        var stage = new CompletableFuture<String>();
        start(executor, () -> new BoundedCall.Staged(stage));
        executor.runAll();
        assertThat(told).containsExactly("started");
        clock.advance(TIMEOUT);
        assertThat(stage).isCancelled();
        assertThat(told).containsExactly("started", "failed", "after");
        assertThat(failure).isInstanceOf(TimeoutException.class);
    }

    @Test
    void theCauseOfAFailedStageIsUnwrapped() {
        var stage = new CompletableFuture<String>();
        start(executor, () -> new BoundedCall.Staged(stage.thenApply(x -> x)));
        executor.runAll();
        stage.completeExceptionally(new IllegalStateException("refused"));
        assertThat(failure).isInstanceOf(IllegalStateException.class).hasMessage("refused");
        start(
                executor,
                () -> new BoundedCall.Staged(CompletableFuture.failedFuture(new CompletionException("bare", null))));
        executor.runAll();
        assertThat(failure).isInstanceOf(CompletionException.class);
    }

    @Test
    void aStageThatIgnoresItsCancellationIsAbandonedAndMayComeBack() {
        var stage = new CompletableFuture<String>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                return false;
            }
        };
        start(executor, () -> new BoundedCall.Staged(stage));
        executor.runAll();
        clock.advance(TIMEOUT.multipliedBy(2));
        stage.complete("it");
        stage.complete("again");
        assertThat(told).containsExactly("started", "abandoned", "late it");
    }

    @Test
    void anEndThatComesWhileItIsAbandonedIsALateOneAfterwards() {
        whileAbandoned = () -> {
            executor.runAll();
            told.add("made");
        };
        start(executor, () -> "it", true);
        clock.advance(TIMEOUT.multipliedBy(2));
        assertThat(told).containsExactly("started", "made", "abandoned", "late it");
    }

    @Test
    void anEndThatComesWhileItIsAbandonedIsNotLostWithAnError() {
        whileAbandoned = () -> {
            executor.runAll();
            throw new OutOfMemoryError("by test");
        };
        start(executor, () -> "it", true);
        assertThatThrownBy(() -> clock.advance(TIMEOUT.multipliedBy(2))).hasMessage("by test");
        assertThat(told).containsExactly("started", "late it");
    }

    @Test
    void aSweepEndsAllThatAreOverdueThoughOneThrows() {
        start(executor, () -> "never");
        start(executor, () -> "never");
        told.clear();
        atItsEnd = () -> {
            throw new OutOfMemoryError("by test");
        };
        ledger.endOverdue(clock.nanoTime() + TIMEOUT.multipliedBy(10).toNanos(), new Actions());
        assertThat(told).filteredOn("failed"::equals).hasSize(2);
    }

    @Test
    void aStageThatComesWhenTheTimeIsOverIsCancelledAtOnce() {
        var stage = new CompletableFuture<String>();
        start(executor, () -> {
            clock.advance(TIMEOUT);
            return new BoundedCall.Staged(stage);
        });
        executor.runAll();
        assertThat(stage).isCancelled();
        assertThat(told).containsExactly("started", "failed", "after");
        assertThat(Thread.interrupted()).isFalse();
    }

    private boolean isInsideCall() {
        var slots = new HashSet<Object>();
        ledger.addInsideCall(slots);
        return slots.contains(SLOT);
    }

    @Test
    void theLedgerKnowsWhoIsInsideAndInterruptsAll() {
        var inside = new ArrayList<Boolean>();
        start(executor, () -> {
            inside.add(isInsideCall());
            ledger.interruptAll();
            inside.add(Thread.currentThread().isInterrupted());
            return "it";
        });
        assertThat(isInsideCall()).isFalse();
        executor.runAll();
        assertThat(inside).containsExactly(true, true);
        assertThat(isInsideCall()).isFalse();
        assertThat(Thread.interrupted()).isFalse();
        ledger.close();
    }
}
