package io.genericpool.tcp;

import io.genericpool.PoolConfig;
import io.genericpool.spi.PoolClock;
import io.genericpool.support.Nanos;
import io.genericpool.support.PoolThreads;
import io.genericpool.tcp.internal.connect.BlockingDialer;
import io.genericpool.tcp.internal.connect.ConnectSettings;
import io.genericpool.tcp.internal.connect.Dialer;
import io.genericpool.tcp.internal.connect.NonBlockingDialer;
import io.genericpool.tcp.internal.connect.SocketTuning;
import io.genericpool.tcp.internal.connect.Transport;
import io.genericpool.tcp.internal.wire.IoLoop;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The settings for all kinds of sockets. Each setter checks its value, and the message of the
 * {@link IllegalArgumentException} names it. Not thread-safe. One builder may build several managers, which share
 * nothing.
 *
 * @param <E> the type of endpoints
 * @param <B> the builder's own type
 */
public abstract class SocketManagerBuilder<E, B extends SocketManagerBuilder<E, B>> {
    private static final long IDLE_THREAD_SECONDS = 1;

    private String name;
    private Duration readTimeout = PoolConfig.NO_LIMIT;
    private @Nullable Executor executor;
    UnreadData unreadData = UnreadData.KEEP;
    boolean leaseViews = true;

    /** What connects go by; another one for tests. */
    PoolClock clock = PoolClock.system();

    /** What a socket must accept. */
    final Map<SocketOption<?>, Object> requiredOptions = new LinkedHashMap<>();
    /** What a socket is given if it has it. */
    final Map<SocketOption<?>, Object> wishedOptions = new LinkedHashMap<>();

    SocketManagerBuilder(String name) {
        this.name = name;
    }

    abstract B self();

    abstract Transport<E> transport(Executor executor);

    /** Where the addresses of an endpoint come from, which may change. */
    interface AddressSource<E> {
        Set<InetAddress> of(E endpoint) throws UnknownHostException;
    }

    /** Null when endpoints have none. */
    @Nullable
    AddressSource<E> addresses() {
        return null;
    }

    /**
     * Builds a manager of connections with blocking streams.
     *
     * @return the manager
     * @throws IllegalStateException when settings contradict each other
     */
    public abstract SocketConnectionManager<E> build();

    /**
     * Builds a manager of connections whose reads and writes block no thread. The read timeout does not apply to them.
     *
     * @return the manager
     * @throws IllegalStateException when settings contradict each other
     */
    public final AsyncSocketConnectionManager<E> buildAsync() {
        return AsyncSocketConnectionManager.of(this);
    }

    /**
     * Sets the name of the manager's threads.
     *
     * @param value the name; "tcp", "tls" or "unix" unless set
     * @return this
     */
    public final B name(String value) {
        name = Objects.requireNonNull(value, "name");
        return self();
    }

    /**
     * Sets the timeout of reads from a blocking stream, unless a lease sets another one.
     *
     * @param value more than zero; {@link PoolConfig#NO_LIMIT}, the default, for no limit
     * @return this
     */
    public final B readTimeout(Duration value) {
        Nanos.ofPositive("readTimeout", value);
        readTimeout = value;
        return self();
    }

    /**
     * Sets what happens to a connection with data that its lease has not read.
     *
     * @param value {@link UnreadData#KEEP} unless set
     * @return this
     */
    public final B unreadData(UnreadData value) {
        unreadData = Objects.requireNonNull(value, "unreadData");
        return self();
    }

    /**
     * Sets whether each lease receives a view of its own, which ends with the lease. Without views, an acquire and
     * release are faster by some tens of nanoseconds. However, code that uses a connection after its release then reads
     * and writes in the middle of another lease. A changed read timeout then also stays set.
     *
     * @param value true unless set
     * @return this
     */
    public final B leaseViews(boolean value) {
        leaseViews = value;
        return self();
    }

    /**
     * Sets the size of the system's receive buffer. It is set before the connection attempt, because TCP negotiates its
     * window at that time.
     *
     * @param bytes 1 or more, a hint to the system; chosen by the system unless set
     * @return this
     */
    public final B receiveBufferSize(int bytes) {
        requiredOptions.put(StandardSocketOptions.SO_RCVBUF, checkPositive("receiveBufferSize", bytes));
        return self();
    }

    /**
     * Sets the size of the system's send buffer.
     *
     * @param bytes 1 or more, a hint to the system; chosen by the system unless set
     * @return this
     */
    public final B sendBufferSize(int bytes) {
        requiredOptions.put(StandardSocketOptions.SO_SNDBUF, checkPositive("sendBufferSize", bytes));
        return self();
    }

    /**
     * Sets the executor for blocking work and for user code. It looks up host names, computes TLS handshakes, and calls
     * users' suppliers and functions. It also completes the futures of connection attempts, and the futures and
     * handlers of {@link AsyncSocketConnection}s.
     *
     * @param value an executor that runs tasks on its own threads, never on the calling one; tasks may block. Unless
     *     set, this is the manager's own unbounded executor, whose threads end after one second without work
     * @return this
     */
    public final B executor(Executor value) {
        executor = Objects.requireNonNull(value, "executor");
        return self();
    }

    static int checkPositive(String knob, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(knob + " must be 1 or more, but is " + value);
        }
        return value;
    }

    final boolean needsHooks() {
        return leaseViews || unreadData == UnreadData.DISCARD;
    }

    final SocketTuning tuning(@Nullable SocketAddress localAddress) {
        return new SocketTuning(requiredOptions, wishedOptions, localAddress);
    }

    final Dialer<E, SocketConnection> blockingDialer() {
        return new BlockingDialer<>(connectSettings(), Nanos.of(readTimeout), SocketConnectionView::of);
    }

    final Dialer<E, AsyncSocketConnection> nonBlockingDialer() {
        return new NonBlockingDialer<>(connectSettings(), AsyncSocketConnectionView::of);
    }

    private ConnectSettings<E> connectSettings() {
        Executor chosen = chooseExecutor();
        return new ConnectSettings<>(transport(chosen), new IoLoop(name + "-io"), chosen, clock);
    }

    private Executor chooseExecutor() {
        if (executor != null) {
            return executor;
        }
        return PoolThreads.newExecutor(name + "-worker-", false, IDLE_THREAD_SECONDS);
    }
}
