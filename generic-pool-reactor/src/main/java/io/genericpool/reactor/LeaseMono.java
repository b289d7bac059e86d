package io.genericpool.reactor;

import io.genericpool.Lease;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** Emits a lease. Of a grant and a cancellation, one alone wins, and the lease of a grant that comes second goes back. */
final class LeaseMono<E, C> extends Mono<Lease<E, C>> {
    private final Supplier<CompletableFuture<Lease<E, C>>> request;

    LeaseMono(Supplier<CompletableFuture<Lease<E, C>>> request) {
        this.request = request;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Lease<E, C>> subscriber) {
        subscriber.onSubscribe(new Acquire<>(subscriber, request));
    }

    private enum State {
        NEW,
        WAITING,
        ENDED
    }

    private static final class Acquire<E, C> implements Subscription {
        private final CoreSubscriber<? super Lease<E, C>> subscriber;
        private final Supplier<CompletableFuture<Lease<E, C>>> request;
        private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
        private volatile @Nullable CompletableFuture<Lease<E, C>> future;

        Acquire(CoreSubscriber<? super Lease<E, C>> subscriber, Supplier<CompletableFuture<Lease<E, C>>> request) {
            this.subscriber = subscriber;
            this.request = request;
        }

        /** Only now, because a lease that is not asked for would have to be kept here. */
        @Override
        public void request(long n) {
            if (!Operators.validate(n) || !state.compareAndSet(State.NEW, State.WAITING)) {
                return;
            }
            CompletableFuture<Lease<E, C>> requested;
            try {
                requested = request.get();
            } catch (RuntimeException e) {
                requested = CompletableFuture.failedFuture(e);
            }
            future = requested;
            CompletableFuture<?> unused = requested.whenComplete(this::settle);
            if (state.get() == State.ENDED) {
                requested.cancel(false); // cancelled before the future was there to be seen
            }
        }

        private void settle(@Nullable Lease<E, C> lease, @Nullable Throwable failure) {
            boolean isWanted = state.compareAndSet(State.WAITING, State.ENDED);
            if (lease != null) {
                if (isWanted) {
                    subscriber.onNext(lease);
                    subscriber.onComplete();
                } else {
                    lease.release();
                }
            } else if (isWanted && failure != null) {
                subscriber.onError(
                        failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure);
            }
        }

        @Override
        public void cancel() {
            State before = state.getAndSet(State.ENDED);
            CompletableFuture<Lease<E, C>> requested = future;
            if (before == State.WAITING && requested != null) {
                requested.cancel(false);
            }
        }
    }
}
