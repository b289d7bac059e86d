package io.genericpool.tcp.internal.connect;

import io.genericpool.spi.PoolClock;
import io.genericpool.tcp.internal.wire.IoLoop;
import io.genericpool.tcp.internal.wire.SelectorWatch;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import tlschannel.TlsChannel;

/** Makes the connections of one manager. */
public abstract class Dialer<E, C> {
    final Transport<E> transport;
    final IoLoop loop;
    final Executor executor;
    final PoolClock clock;
    final AddressMemory memory;

    Dialer(ConnectSettings<E> settings) {
        this.transport = settings.transport();
        this.loop = settings.loop();
        this.executor = settings.executor();
        this.clock = settings.clock();
        this.memory = new AddressMemory(clock, transport.pace().memory());
    }

    /** Connects. @return fails at the latest after the timeout; cancelling it gives the connect up */
    public final CompletableFuture<C> dial(E endpoint, long timeoutNanos) {
        return new ConnectSequence<>(this, endpoint, timeoutNanos).start();
    }

    /** What a connected socket is made into. */
    abstract Ending<C> ending(E endpoint, SelectorWatch watch) throws IOException;

    /** A connection that is being made: first the bytes to shake hands over, then the connection. */
    interface Ending<C> {
        /** Does not wait before the connection is made. */
        ByteChannel wire();

        C connect(@Nullable TlsChannel tls) throws IOException;
    }

    /** Sets a timer. What it runs shall only hand on: the thread of the clock may serve the whole process. */
    final PoolClock.Timer after(long nanos, Runnable task) {
        return clock.schedule(task, nanos);
    }

    /** Runs what a timer has brought on the loop's thread, or here when there can be no such thread. */
    final void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RuntimeException | Error e) {
            task.run();
        }
    }

    /** Runs what may run code of users, on a thread where it may take its time; here when no thread is to be had. */
    public static void dispatch(Executor executor, Runnable task) {
        try {
            executor.execute(task);
        } catch (RuntimeException | Error e) {
            task.run();
        }
    }
}
