package io.genericpool.websocket.internal.socket;

import io.genericpool.rate.RateBuckets;
import io.genericpool.spi.PoolClock;
import io.genericpool.support.CauseChain;
import io.genericpool.support.Nanos;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketEndpoint;
import io.genericpool.websocket.WebSocketTimeoutException;
import io.genericpool.websocket.internal.queue.Termination;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Connects, as the rate allows and as often as the retry says, within one deadline. */
public final class RetryingConnect {
    private final OkHttpClient client;
    private final SocketSettings settings;
    private final Executor executor;
    private final SocketRegistry registry;
    private final @Nullable RateBuckets rates;

    public RetryingConnect(OkHttpClient client, SocketSettings settings, Executor executor, SocketRegistry registry) {
        this.client = client;
        this.settings = settings;
        this.executor = executor;
        this.registry = registry;
        SocketSettings.RateRules rate = settings.rate();
        this.rates = rate == null ? null : new RateBuckets(rate.connects(), rate.period(), settings.clock());
    }

    public CompletableFuture<WebSocketConnection> connect(WebSocketEndpoint endpoint, long nanos) {
        if (rates == null && settings.retry() == null) {
            return new UpgradeAttempt(endpoint, settings, executor, registry).start(client, nanos);
        }
        var connect = new Connect(endpoint, nanos);
        registry.add(connect);
        connect.attempt();
        return connect.result;
    }

    /** One connect with its attempts, one after the other. Cancelling the result ends the present attempt or pause. */
    private final class Connect implements Attempt {
        final ConnectFuture result;
        private final WebSocketEndpoint endpoint;
        private final long nanos;
        private final long beganNanos = settings.clock().nanoTime();
        private int attempts;
        private volatile @Nullable ConnectFuture current;
        private volatile PoolClock.@Nullable Timer pause;

        Connect(WebSocketEndpoint endpoint, long nanos) {
            this.endpoint = endpoint;
            this.nanos = nanos;
            this.result = new ConnectFuture(endpoint, this::phase);
            var unused = result.whenComplete((connection, failure) -> stop(failure));
        }

        @Override
        public WebSocketEndpoint endpoint() {
            return endpoint;
        }

        @Override
        public long beganNanos() {
            return beganNanos;
        }

        @Override
        public void abort(RuntimeException why) {
            executor.execute(() -> fail(why));
        }

        private String phase() {
            ConnectFuture attempt = current;
            return attempt == null || attempt.isDone() ? "waiting to begin the next attempt" : attempt.phase();
        }

        void attempt() {
            SocketSettings.RateRules rate = settings.rate();
            if (rates == null || rate == null || result.isDone()) {
                start();
                return;
            }
            long wait = rates.reserve(rate.scopes().apply(endpoint), left());
            if (wait < 0) {
                Duration timeout = Duration.ofNanos(nanos);
                fail(new WebSocketTimeoutException(
                        "no connection to " + endpoint + " within " + Nanos.text(timeout)
                                + ": the connect rate does not allow an earlier attempt",
                        timeout,
                        null));
            } else if (wait == 0) {
                start();
            } else {
                after(wait, this::start);
            }
        }

        private void start() {
            if (result.isDone()) {
                return;
            }
            attempts++;
            var attempt = new UpgradeAttempt(endpoint, settings, executor, registry).start(client, left());
            current = attempt;
            var unused = attempt.whenComplete(this::ended);
            if (result.isDone()) {
                attempt.cancel(true);
            }
        }

        private void ended(@Nullable WebSocketConnection connection, @Nullable Throwable failure) {
            if (connection != null) {
                if (!result.complete(connection)) {
                    ((OkHttpConnection) connection).abort(Termination.cutByPool());
                }
                return;
            }
            Throwable cause = failure == null ? null : CauseChain.unwrapped(failure);
            SocketSettings.RetryRules retry = settings.retry();
            if (cause == null
                    || retry == null
                    || attempts >= retry.maxAttempts()
                    || !retry.worthwhile().test(cause)) {
                fail(cause);
                return;
            }
            long wait = retry.pauses().nanos(attempts, cause);
            if (wait >= left() || registry.isClosed()) {
                fail(cause);
            } else {
                registry.retried();
                after(wait, this::attempt);
            }
        }

        private long left() {
            return Nanos.isOff(nanos)
                    ? nanos
                    : Math.max(1, nanos - (settings.clock().nanoTime() - beganNanos));
        }

        private void after(long wait, Runnable task) {
            pause = settings.clock().schedule(() -> executor.execute(task), wait);
            if (result.isDone()) {
                stop(null);
            }
        }

        private void fail(@Nullable Throwable cause) {
            result.completeExceptionally(cause == null ? new IllegalStateException("no connection") : cause);
        }

        private void stop(@Nullable Throwable failure) {
            registry.remove(this);
            PoolClock.Timer timer = pause;
            if (timer != null) {
                timer.cancel();
            }
            ConnectFuture attempt = current;
            if (failure != null && attempt != null) {
                attempt.cancel(true);
            }
        }
    }
}
