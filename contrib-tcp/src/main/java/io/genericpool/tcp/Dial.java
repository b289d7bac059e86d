package io.genericpool.tcp;

import io.genericpool.spi.PoolClock;
import io.genericpool.support.CauseChain;
import io.genericpool.support.Nanos;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tlschannel.TlsChannel;

/**
 * One connect: finds out where to, tries the addresses in turn, goes through the proxy, shakes hands for TLS. It has ended
 * when its result has: by a connection, a failure, its deadline or its caller, who cancels it. Whatever ends it closes the
 * socket that is being worked on; a connection that comes too late is closed too.
 *
 * <p>At most one thread works on it at a time (the caller's, the loop's or an executor's), apart from what ends it.
 */
final class Dial<E, C> {
    private final Dialer<E, C> dialer;
    private final E endpoint;
    private final long timeout;
    private final long start = System.nanoTime();
    private final CompletableFuture<C> result = new CompletableFuture<>();
    private final List<Throwable> failures = new ArrayList<>();

    private volatile String phase = "looking up the host";
    private volatile @Nullable Watch current;

    private List<Target> targets = List.of();
    private int next;

    Dial(Dialer<E, C> dialer, E endpoint, long timeout) {
        this.dialer = dialer;
        this.endpoint = endpoint;
        this.timeout = timeout;
    }

    CompletableFuture<C> start() {
        PoolClock.Timer deadline = after(timeout, this::overran);
        var unused = result.whenComplete((connection, failure) -> {
            cancel(deadline);
            if (failure != null) {
                abort();
            }
        });
        try {
            var unusedToo = dialer.transport.targets(endpoint).whenComplete(this::found);
        } catch (RuntimeException e) {
            fail(e);
        }
        return result;
    }

    private void overran() {
        fail(new SocketTimeoutException(
                "no connection to " + endpoint + " within " + Nanos.text(timeout) + ": still " + phase));
    }

    private void abort() {
        Watch watch = current;
        if (watch != null) {
            watch.close();
        }
    }

    private void fail(Throwable cause) {
        result.completeExceptionally(CauseChain.unwrapped(cause));
    }

    private void found(@Nullable List<Target> found, @Nullable Throwable failure) {
        if (found == null) {
            fail(failure == null ? new NullPointerException("no targets") : failure);
        } else {
            targets = found;
            tryNext();
        }
    }

    private void tryNext() {
        if (next == targets.size()) {
            fail(noneCanBeReached());
            return;
        }
        Target target = targets.get(next++);
        try {
            phase = "connecting to " + target.address();
            connect(target, dialer.transport.open(target));
        } catch (Throwable e) {
            failedAt(target, e);
        }
    }

    private void connect(Target target, SocketChannel channel) {
        var watch = new Watch(dialer.loop, channel);
        current = watch;
        if (result.isDone()) {
            watch.close(); // it ended before it could know of this socket
            return;
        }
        long share = share();
        var connected = Steps.run(watch, dialer.executor, List.of(new ConnectStep(channel, target)));
        PoolClock.Timer limit = connected.isDone()
                ? null
                : after(share, () -> {
                    connected.completeExceptionally(
                            new SocketTimeoutException("no answer within " + Nanos.text(share)));
                });
        var unused = connected.whenComplete((nothing, failure) -> {
            cancel(limit);
            if (failure == null) {
                shakeHands(watch);
            } else {
                watch.close();
                failedAt(target, CauseChain.unwrapped(failure));
            }
        });
    }

    /** What one target may take: what was set, else an equal share of the time that is left. */
    private long share() {
        if (dialer.transport.attemptTimeout() != Nanos.FOREVER || Nanos.isOff(timeout)) {
            return dialer.transport.attemptTimeout();
        }
        int left = targets.size() - next + 1;
        return left == 1 ? Nanos.FOREVER : Math.max(0, timeout - (System.nanoTime() - start)) / left;
    }

    private void failedAt(Target target, Throwable failure) {
        if (failure instanceof Error) {
            fail(failure);
            return;
        }
        var named = new ConnectException(target.address() + ": " + failure.getMessage());
        named.initCause(failure);
        failures.add(named);
        if (!result.isDone()) {
            tryNext();
        }
    }

    private Throwable noneCanBeReached() {
        Throwable last = failures.remove(failures.size() - 1);
        var failure = new ConnectException("no connection to " + endpoint + ": " + last.getMessage());
        failure.initCause(last.getCause());
        failures.forEach(failure::addSuppressed);
        return failure;
    }

    private void shakeHands(Watch watch) {
        try {
            Dialer.Ending<C> end = dialer.ending(endpoint, watch);
            TlsChannel tls = dialer.transport.tls(end.wire(), endpoint);
            var steps = new ArrayList<Step>();
            Step tunnel = dialer.transport.tunnel(watch.channel(), endpoint);
            if (tunnel != null) {
                steps.add(() -> phase = "asking the proxy");
                steps.add(tunnel);
            }
            if (tls != null) {
                steps.add(() -> phase = "shaking hands for TLS");
                steps.add(TlsClient.handshake(tls));
            }
            steps.add(() -> finish(watch, end.connect(tls)));
            var unused = Steps.run(watch, dialer.executor, steps).whenComplete((nothing, failure) -> {
                if (failure != null) {
                    fail(failure);
                }
            });
        } catch (Throwable e) {
            fail(e);
        }
    }

    private void finish(Watch watch, C connection) {
        if (!result.complete(connection)) {
            watch.close();
        }
    }

    private static PoolClock.@Nullable Timer after(long nanos, Runnable task) {
        return Nanos.isOff(nanos) ? null : PoolClock.system().schedule(task, nanos);
    }

    private static void cancel(PoolClock.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}
