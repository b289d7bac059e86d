package io.genericpool.tcp.internal.connect;

import io.genericpool.spi.PoolClock;
import io.genericpool.support.CauseChain;
import io.genericpool.support.Nanos;
import io.genericpool.tcp.internal.wire.SelectorWatch;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tlschannel.TlsChannel;

/**
 * One connect: finds out where to, connects to the first address that answers, goes through the proxy, shakes hands for TLS.
 * It has ended when its result has: by a connection, a failure, its deadline or its caller, who cancels it. The end closes
 * the sockets that are being worked on; a connection that comes too late is closed too.
 *
 * <p>The outcome is decided once, by {@link #settled}, on any thread. The result is completed on the executor, because
 * what depends on it is not ours: it must not hold up the loop, or the clock that serves the whole process.
 */
final class ConnectSequence<E, C> {
    private final Dialer<E, C> dialer;
    private final E endpoint;
    private final long timeout;
    private final long start;
    private final CompletableFuture<C> result = new CompletableFuture<>();
    private final AtomicBoolean settled = new AtomicBoolean();

    private volatile String phase = "looking up the host";
    private volatile @Nullable AddressRace race;
    private volatile @Nullable SelectorWatch current;
    private volatile @Nullable C made;

    ConnectSequence(Dialer<E, C> dialer, E endpoint, long timeout) {
        this.dialer = dialer;
        this.endpoint = endpoint;
        this.timeout = timeout;
        this.start = dialer.clock.nanoTime();
    }

    CompletableFuture<C> start() {
        PoolClock.Timer deadline = Nanos.isOff(timeout) ? null : dialer.after(timeout, this::overran);
        var unused = result.whenComplete((connection, failure) -> {
            if (deadline != null) {
                deadline.cancel();
            }
            if (failure != null || connection == null || connection != made) { // the last two: by a caller who gives up
                abort();
            }
        });
        try {
            var unusedToo = dialer.transport.targets(endpoint, timeout).whenComplete(this::found);
        } catch (Throwable e) {
            fail(e);
        }
        return result;
    }

    private boolean isOver() {
        return settled.get() || result.isDone();
    }

    /** On the clock's thread. */
    private void overran() {
        AddressRace racing = race;
        String stuck = racing == null || current != null ? phase : racing.phase();
        var failure = new SocketTimeoutException("no connection to " + dialer.transport.label(endpoint) + " within "
                + Nanos.text(timeout) + ": still " + stuck);
        if (racing != null) {
            racing.explain(failure);
        }
        fail(failure);
    }

    /** Closes what is open. What opens afterwards finds that it is over, and closes itself. */
    private void abort() {
        settled.set(true);
        AddressRace racing = race;
        if (racing != null) {
            racing.abandon();
        }
        SelectorWatch watch = current;
        if (watch != null) {
            watch.close();
        }
    }

    private void fail(Throwable cause) {
        if (settled.compareAndSet(false, true)) {
            abort();
            Throwable why = CauseChain.unwrapped(cause);
            Dialer.dispatch(dialer.executor, () -> result.completeExceptionally(why));
        }
    }

    private void found(@Nullable List<Target> found, @Nullable Throwable failure) {
        if (found == null) {
            fail(failure == null ? new NullPointerException("no targets") : failure);
            return;
        }
        try {
            race(found);
        } catch (Throwable e) {
            fail(e);
        }
    }

    private void race(List<Target> found) {
        var racing =
                new AddressRace(dialer, dialer.transport.label(endpoint), dialer.memory.order(found), this::timeLeft);
        race = racing;
        if (isOver()) {
            return; // nothing has been opened
        }
        var unused = racing.start().whenComplete((watch, why) -> {
            if (watch == null) {
                fail(why == null ? new NullPointerException("no winner") : why);
            } else {
                connected(watch);
            }
        });
    }

    private long timeLeft() {
        return Nanos.isOff(timeout) ? Nanos.FOREVER : Math.max(0, timeout - (dialer.clock.nanoTime() - start));
    }

    /** On the loop's thread, mostly: what asks users' code goes on elsewhere. */
    private void connected(SelectorWatch watch) {
        current = watch;
        if (isOver()) {
            watch.close();
            return;
        }
        if (!dialer.transport.asksUsers()) {
            shakeHands(watch);
            return;
        }
        phase = "preparing the handshake";
        try {
            dialer.executor.execute(() -> shakeHands(watch));
        } catch (Throwable e) {
            fail(e);
        }
    }

    private void shakeHands(SelectorWatch watch) {
        try {
            Dialer.Ending<C> end = dialer.ending(endpoint, watch);
            TlsChannel tls = dialer.transport.tls(end.wire(), endpoint);
            var steps = new ArrayList<Step>();
            Step tunnel = dialer.transport.tunnel(watch.channel(), endpoint);
            clearInterrupt();
            if (tunnel != null) {
                steps.add(() -> phase = "asking the proxy");
                steps.add(tunnel);
            }
            if (tls != null) {
                steps.add(() -> phase = "shaking hands for TLS");
                steps.add(new TlsHandshake(tls));
            }
            steps.add(() -> finish(watch, end.connect(tls)));
            var unused = Steps.run(watch, dialer.executor, steps).whenComplete((nothing, failure) -> {
                if (failure != null) {
                    fail(failure);
                }
            });
        } catch (Throwable e) {
            clearInterrupt();
            fail(e);
        }
    }

    /** Users' code may have left its flag on the executor's thread, where the handshake goes on. */
    private void clearInterrupt() {
        if (dialer.transport.asksUsers()) {
            Steps.clearInterrupt();
        }
    }

    private void finish(SelectorWatch watch, C connection) {
        made = connection;
        if (!settled.compareAndSet(false, true)) {
            watch.close();
            return;
        }
        Dialer.dispatch(dialer.executor, () -> {
            if (!result.complete(connection)) {
                watch.close();
            }
        });
    }
}
